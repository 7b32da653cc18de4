"""Sums up a table: groups its rows by columns, and prints sums and means of others."""

import argparse
import csv
import sys
from decimal import Decimal

from tabulate import tabulate

from tables import Table, mean, total

SAMPLE = """\
date,region,product,amount
2026-01-05,north,tea,12.50
2026-01-17,south,tea,8.00
2026-02-03,north,coffee,20.25
2026-02-11,south,coffee,
2026-02-28,north,tea,7.25
"""


def arguments(words):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", help="a .csv or .xlsx file; a small sample if there is none")
    parser.add_argument("--by", action="append", default=[], metavar="COLUMN", help="group by this column")
    parser.add_argument("--sum", action="append", default=[], metavar="COLUMN", help="add up this column")
    parser.add_argument("--mean", action="append", default=[], metavar="COLUMN", help="the mean of this column")
    parser.add_argument("--csv", action="store_true", help="print CSV instead of a table for people")
    options = parser.parse_args(words)
    if not options.file and not (options.by or options.sum or options.mean):
        options.by, options.sum, options.mean = ["region"], ["amount"], ["amount"]
    return options


def shown(value):
    """A value as people write it: no more digits than it needs."""
    if isinstance(value, Decimal):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)


def main():
    options = arguments(sys.argv[1:])
    try:
        table = Table.read(options.file) if options.file else Table.of(csv.reader(SAMPLE.splitlines()))
        for name in options.sum + options.mean:
            table.column(name)
        results = {"rows": (table.columns[0], len)}
        results |= {f"sum of {name}": (name, total) for name in options.sum}
        results |= {f"mean of {name}": (name, mean) for name in options.mean}
        result = table.group(options.by, **results)
        for name in reversed(options.by):
            result = result.sorted(name)
    except (OSError, KeyError, ValueError) as error:
        # str() of a KeyError has quotes around it.
        sys.exit(f"error: {error.args[0] if isinstance(error, KeyError) else error}")
    rows = [[shown(row.get(name)) for name in result.columns] for row in result.rows]
    if options.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([result.columns, *rows])
    else:
        print(tabulate(rows, headers=result.columns, disable_numparse=True))


if __name__ == "__main__":
    main()
