# fused
# A directory that was removed has no path, even when another one has its name.
import os

os.mkdir("/tmp/gone")
os.chdir("/tmp/gone")
print(os.getcwd())
os.rmdir("/tmp/gone")
for again in (False, True):
    if again:
        os.mkdir("/tmp/gone")
    try:
        print(os.getcwd())
    except FileNotFoundError as error:
        print(error.strerror)
os.chdir("/tmp")
print(os.getcwd())
