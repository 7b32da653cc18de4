# args: a --b c
import sys

print(__name__, __file__, __spec__, __package__, __doc__, __builtins__.__name__)
print(sys.argv, sys.path)
print(sorted(globals()))
print(type(__loader__).__name__, sys.modules["__main__"].__dict__ is globals())
