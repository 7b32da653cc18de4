import atexit
import os
import sys

atexit.register(print, "never")
print("flushed", flush=True)
sys.stderr.write("unbuffered\n")
os.write(1, b"raw\n")
try:
    os._exit(3)
finally:
    os.write(1, b"never\n")
