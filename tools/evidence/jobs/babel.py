# Writes numbers and dates as different languages do.
import datetime

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

assert format_decimal(1234.5, locale="de_DE") == "1.234,5"
assert format_currency(9.5, "EUR", locale="en_US") == "€9.50"
assert format_date(datetime.date(2026, 3, 1), "long", locale="fr") == "1 mars 2026"
