import atexit
import sys

atexit.register(lambda: print(repr(sys.last_exc), sys.last_type.__name__))
raise ValueError("kept")
