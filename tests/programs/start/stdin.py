# as: stdin
# args: a --b
import sys

print(__name__, __spec__, "__file__" in globals(), sys.argv, sys.path[0] == "")
# The program was the whole input.
print(repr(sys.stdin.read()))
