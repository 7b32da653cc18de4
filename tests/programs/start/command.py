# as: command
# args: a --b -c
import sys

print(__name__, __spec__, __package__, __doc__, "__file__" in globals())
print(sys.argv, sys.path)
print(sorted(globals()))
