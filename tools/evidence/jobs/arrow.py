# Shifts, words and converts times.
import arrow

when = arrow.get("2026-07-01T12:00:00+00:00")
assert when.to("America/New_York").hour == 8
assert when.shift(weeks=-1).format("YYYY-MM-DD") == "2026-06-24"
assert when.shift(hours=2).humanize(when) == "in 2 hours"
