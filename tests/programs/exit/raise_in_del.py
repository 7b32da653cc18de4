import sys


class Broken:
    def __del__(self):
        raise ValueError("in __del__")


broken = Broken()
sys.stderr.write = lambda text, write=sys.stderr.write: write(text.split(" at 0x")[0])
del broken
del sys.stderr.write
print("goes on")
