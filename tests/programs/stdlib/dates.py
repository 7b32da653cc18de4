import datetime
import zoneinfo

moment = datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.timezone.utc)
print(moment.isoformat(), moment.strftime("%A %d %B %Y %H:%M"), moment + datetime.timedelta(days=1))
print(datetime.date.fromisoformat("2024-W09-4"), datetime.datetime.strptime("1/2/24", "%d/%m/%y"))
print(zoneinfo.ZoneInfo("Europe/Berlin"))
