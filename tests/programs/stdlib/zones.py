import datetime
import zoneinfo

noon = datetime.datetime(2026, 7, 1, 12, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin"))
for name in "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC":
    print(noon.astimezone(zoneinfo.ZoneInfo(name)).isoformat())
print(zoneinfo.TZPATH[0], len(zoneinfo.available_timezones()) > 590)
try:
    zoneinfo.ZoneInfo("Mars/Olympus")
except zoneinfo.ZoneInfoNotFoundError as error:
    print(error)
