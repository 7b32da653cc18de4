import sys

sys.unraisablehook = lambda u: print("unraisable", type(u.exc_value).__name__, u.err_msg.split(" <")[0])


class Broken:
    def __del__(self):
        1 / 0


Broken()
