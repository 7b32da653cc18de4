import os

os.mkdir("/tmp/d")
open("/tmp/d/file", "w").write("contents")
for attempt in (
    lambda: os.symlink("file", "/tmp/d/soft"),
    lambda: print(os.readlink("/tmp/d/soft"), open("/tmp/d/soft").read(), os.path.islink("/tmp/d/soft")),
    lambda: os.symlink("/etc/passwd", "/tmp/d/outside"),
    lambda: open("/tmp/d/outside"),
    lambda: os.symlink("loop", "/tmp/d/loop"),
    lambda: open("/tmp/d/loop"),
    lambda: os.symlink("/usr/lib", "/tmp/lib"),
    lambda: print(os.path.exists("/tmp/lib/python3.14/os.py")),
    lambda: os.link("/tmp/d/file", "/tmp/d/hard"),
    lambda: print(os.stat("/tmp/d/hard").st_nlink, os.path.samefile("/tmp/d/file", "/tmp/d/hard")),
):
    try:
        attempt()
    except OSError as error:
        print(error)
