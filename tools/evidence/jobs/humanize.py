# Words for numbers and times.
import datetime

import humanize

assert humanize.naturalsize(3_000_000) == "3.0 MB"
assert humanize.naturaldelta(datetime.timedelta(hours=3)) == "3 hours"
assert humanize.intcomma(1234567) == "1,234,567"
