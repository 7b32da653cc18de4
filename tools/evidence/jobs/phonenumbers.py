# Reads and writes numbers of phones.
import phonenumbers

number = phonenumbers.parse("030 901820", "DE")
assert phonenumbers.is_possible_number(number)
assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == "+4930901820"
