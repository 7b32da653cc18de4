# Reads and writes calendars.
from icalendar import Calendar

calendar = Calendar.from_ical(
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Talk\r\nDTSTART:20260102T030405Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
event = calendar.walk("VEVENT")[0]
assert str(event["SUMMARY"]) == "Talk" and event.decoded("DTSTART").year == 2026
