import os

print(os.path.exists(""), os.path.isdir(""))
for attempt in (open, os.stat, os.listdir, os.mkdir, os.chdir):
    try:
        attempt("")
    except OSError as error:
        print(attempt.__name__, error)
