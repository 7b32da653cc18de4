import sys

answer = 42
import __main__

print(__main__.answer, __main__ is sys.modules["__main__"])
