# fused
# An empty path names nothing.
import os

for attempt in (
    lambda: open(""),
    lambda: os.stat(""),
    lambda: os.listdir(""),
    lambda: os.mkdir(""),
    lambda: os.chdir(""),
    lambda: os.rename("", "/tmp/x"),
    lambda: os.symlink("x", ""),
    lambda: os.readlink(""),
    lambda: os.access("", os.F_OK) or print("no access"),
):
    try:
        attempt()
    except OSError as error:
        print(type(error).__name__, error.strerror)
