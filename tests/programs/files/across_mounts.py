import errno
import os
import shutil

open("/tmp/file", "w").close()
for attempt in (
    lambda: os.link("/usr/lib/python3.14/os.py", "/tmp/os.py"),
    lambda: os.rename("/tmp/file", "/usr/file"),
):
    try:
        attempt()
        print("moved")
    except OSError as error:
        print(errno.errorcode[error.errno] in ("EXDEV", "EROFS"))
shutil.copy("/usr/lib/python3.14/os.py", "/tmp/copied")
print(open("/tmp/copied").read() == open("/usr/lib/python3.14/os.py").read())
