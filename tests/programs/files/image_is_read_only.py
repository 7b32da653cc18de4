import os
import errno

for attempt in (
    lambda: open("/usr/lib/python3.14/json/__init__.py", "a"),
    lambda: open("/usr/lib/python3.14/os.py", "r+"),
    lambda: open("/usr/lib/python3.14/new.py", "w"),
    lambda: open("/new", "w"),
    lambda: os.mkdir("/usr/new"),
    lambda: os.remove("/usr/lib/python3.14/os.py"),
    lambda: os.rename("/usr/lib/python3.14/os.py", "/usr/lib/python3.14/os2.py"),
    lambda: os.rmdir("/usr"),
    lambda: os.utime("/usr/lib/python3.14/os.py", (0, 0)),

    lambda: os.truncate("/usr/lib/python3.14/os.py", 0),
    lambda: open("/work/image_is_read_only.py", "w"),
    lambda: os.mkdir("/dev/new"),
):
    try:
        attempt()
        print("changed")
    except OSError as error:
        print(errno.errorcode[error.errno], error)
