# Reads and writes documents with anchors, dates and text of several lines.
import datetime

import yaml

document = yaml.safe_load("a: &x [1, 2.5, true]\nb: *x\nday: 2026-01-02\ntext: |\n  one\n  two\n")
assert document["b"] == [1, 2.5, True]
assert document["day"] == datetime.date(2026, 1, 2)
assert yaml.safe_load(yaml.safe_dump(document)) == document
