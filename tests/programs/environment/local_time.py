# fused
# run: -e TZ=Europe/Berlin
# Local time is what TZ says.
import datetime
import os
import time

summer, winter = 1_720_000_000, 1_730_500_000
print(time.tzname, time.timezone, time.altzone, time.daylight)


def show():
    print(time.strftime("%F %T %Z %z", time.localtime(summer)), time.localtime(winter)[:6])


show()
print(datetime.datetime.fromtimestamp(summer).astimezone())
print(time.mktime((2024, 7, 3, 11, 46, 40, 0, 0, -1)), time.mktime((2024, 3, 31, 2, 30, 0, 0, 0, -1)))
for zone in ("America/New_York", "CET-1CEST,M3.5.0,M10.5.0/3", "Asia/Kolkata", "<+0330>-3:30", "Australia/Sydney", ""):
    os.environ["TZ"] = zone
    time.tzset()
    print(zone, time.tzname, time.timezone, time.altzone, time.daylight)
    show()
print(time.thread_time() >= 0, time.thread_time_ns() >= 0)
print(time.get_clock_info("thread_time").monotonic, time.get_clock_info("time").adjustable)
