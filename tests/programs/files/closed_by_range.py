# fused
# Programs close every descriptor that they might have been left; files are opened all the same.
import os

os.closerange(3, 1024)
print(open("/usr/lib/python3.14/os.py").readline() != "")
