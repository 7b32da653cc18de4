import os

open("/tmp/file", "w").close()
os.mkdir("/tmp/folder")
open("/tmp/folder/inner", "w").close()
for attempt in (
    lambda: open("/tmp/none"),
    lambda: open("/tmp"),
    lambda: open("/tmp/file/below"),
    lambda: open("/tmp/file", "x"),
    lambda: os.mkdir("/tmp/folder"),
    lambda: os.rmdir("/tmp/folder"),
    lambda: os.rmdir("/tmp/file"),
    lambda: os.remove("/tmp/folder"),
    lambda: os.remove("/tmp/none"),
    lambda: os.rename("/tmp/none", "/tmp/x"),
    lambda: os.rename("/tmp/folder", "/tmp/folder/inside"),
    lambda: os.listdir("/tmp/file"),
    lambda: os.listdir("/none"),
    lambda: open("/tmp/file").write("x"),
    lambda: open("/tmp/" + "n" * 300, "w"),
    lambda: open("/tmp/a\0b"),
    lambda: os.rmdir("/tmp"),
    lambda: os.read(99, 1),
    lambda: os.close(99),
):
    try:
        attempt()
        print("nothing happened")
    except (OSError, ValueError) as error:
        print(type(error).__name__, error)
