import atexit
import sys


class Leave:
    def __call__(self):
        print("leaving")
        sys.exit(5)

    def __repr__(self):
        return "<leave>"


atexit.register(Leave())
sys.exit(3)
