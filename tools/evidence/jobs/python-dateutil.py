# Reads dates, counts by rules and in time zones.
import datetime

from dateutil import parser, relativedelta, rrule, tz

when = parser.parse("3 March 2026 14:05 UTC")
assert when == datetime.datetime(2026, 3, 3, 14, 5, tzinfo=tz.UTC)
assert (when + relativedelta.relativedelta(months=+1, day=31)).day == 30
days = rrule.rrule(rrule.WEEKLY, count=3, byweekday=rrule.FR, dtstart=when.replace(tzinfo=None))
assert [day.day for day in days] == [6, 13, 20]
assert when.astimezone(tz.gettz("Europe/Berlin")).hour == 15
