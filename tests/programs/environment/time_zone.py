# fused
# run: -e TZ=Europe/Berlin
import time
import datetime

print(time.timezone, time.tzname[0], time.gmtime(0).tm_year, time.localtime(86400).tm_mday)
print(datetime.datetime.fromtimestamp(0, datetime.timezone.utc))
