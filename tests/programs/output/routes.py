# merged
import os
import sys

print("print")
sys.stdout.flush()
os.write(1, b"os.write\n")
sys.stdout.buffer.write(b"buffer\n")
sys.stdout.buffer.flush()
sys.stdout.buffer.raw.write(b"raw\n")
os.write(2, b"os.write to 2\n")
sys.stderr.write("stderr\n")
with open(1, "w", closefd=False) as file:
    file.write("descriptor\n")
print("é 日本 🐍")
sys.stdout.reconfigure(line_buffering=False)
print("no end of line", end="")
