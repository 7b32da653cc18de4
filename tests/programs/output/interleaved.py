# merged
import os
import sys

for number in range(200):
    print("out", number, flush=True)
    print("err", number, file=sys.stderr)
    os.write(1, b"raw\n")
