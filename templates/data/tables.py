"""Tables in pure Python: a list of dictionaries, and what is done with such lists most often."""

import csv
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

import dateutil.parser
import openpyxl


def value(text):
    """What a cell of a CSV file says: nothing, a number, a date, or else a text."""
    if not isinstance(text, str):
        return Decimal(str(text)) if isinstance(text, (int, float)) else text
    text = text.strip()
    if not text:
        return None
    try:
        number = Decimal(text)
        return number if number.is_finite() else text
    except InvalidOperation:
        pass
    # Only what has the looks of a date: `parse` would take "May" and "10 a" as well.
    if text[0].isdigit() and sum(text.count(sign) for sign in "-/.") == 2:
        try:
            return dateutil.parser.parse(text).date()
        except (ValueError, OverflowError):
            pass
    return text


class Table:
    """Rows with the same columns."""

    def __init__(self, columns, rows):
        self.columns = list(columns)
        self.rows = list(rows)

    @classmethod
    def read(cls, path):
        """The table of a CSV file, or the first sheet of an Excel file, with its first row as the columns."""
        if str(path).lower().endswith((".xlsx", ".xlsm")):
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            rows = book.worksheets[0].iter_rows(values_only=True)
        else:
            with open(path, newline="", encoding="utf-8-sig") as file:
                rows = iter(list(csv.reader(file)))
        return cls.of(rows)

    @classmethod
    def of(cls, rows):
        """The table of an iterator of rows, of which the first has the names of the columns."""
        columns = [str(name).strip() for name in next(rows, ())]
        repeated = {name for name in columns if columns.count(name) > 1}
        if not columns or repeated:
            raise ValueError(f"columns need names of their own, not {columns}")
        return cls(columns, (dict(zip(columns, map(value, row))) for row in rows if any(row)))

    def column(self, name):
        """The values of a column that must be there."""
        if name not in self.columns:
            raise KeyError(f"there is no column {name!r}, only {', '.join(self.columns)}")
        return [row.get(name) for row in self.rows]

    def where(self, condition):
        """The rows that the function says yes to."""
        return Table(self.columns, (row for row in self.rows if condition(row)))

    def sorted(self, by, descending=False):
        """The rows in the order of a column, those without a value last."""
        self.column(by)
        given = [row for row in self.rows if row.get(by) is not None]
        # Numbers, dates and texts cannot be compared with each other.
        given.sort(key=lambda row: (type(row[by]).__name__, row[by]), reverse=descending)
        return Table(self.columns, given + [row for row in self.rows if row.get(by) is None])

    def with_column(self, name, function):
        """One more column, made of each row."""
        columns = self.columns + [name] * (name not in self.columns)
        return Table(columns, ({**row, name: function(row)} for row in self.rows))

    def join(self, other, on):
        """The rows of both tables that agree in a column, side by side."""
        self.column(on)
        partners = defaultdict(list)
        for key, row in zip(other.column(on), other.rows):
            partners[key].append(row)
        columns = self.columns + [name for name in other.columns if name not in self.columns]
        rows = ({**partner, **row} for row in self.rows for partner in partners[row.get(on)])
        return Table(columns, rows)

    def group(self, by, **results):
        """One row for each combination of values in `by`, with a column for each of `results`: a pair of a column's
        name and a function of its values."""
        for name in by:
            self.column(name)
        groups = defaultdict(list)
        for row in self.rows:
            groups[tuple(row.get(name) for name in by)].append(row)
        rows = []
        for key, members in groups.items():
            row = dict(zip(by, key))
            for result, (name, function) in results.items():
                given = [member[name] for member in members if member.get(name) is not None]
                row[result] = function(given)
            rows.append(row)
        return Table(list(by) + list(results), rows)


def month(day):
    """The first day of a date's month."""
    if isinstance(day, datetime):
        day = day.date()
    return day.replace(day=1) if isinstance(day, date) else None


def total(values):
    """The sum of those values that are numbers."""
    return sum((one for one in values if isinstance(one, Decimal)), Decimal())


def mean(values):
    """The mean of those values that are numbers, or nothing."""
    numbers = [one for one in values if isinstance(one, Decimal)]
    return total(numbers) / len(numbers) if numbers else None
