# It was run at bake time, and an import shows nothing of that.
import importlib.util
import sys

names = ("ctypes", "_ctypes", "ctypes._endian")
print([name in sys.modules for name in names])

# Whoever leaves a part out does without.
sys.modules["_ctypes"] = None
try:
    import ctypes
except ImportError as error:
    print(error, "ctypes" in sys.modules)
del sys.modules["_ctypes"]

import ctypes

print([name in sys.modules for name in names])
spec = ctypes.__spec__
print(spec.name, spec is importlib.util.find_spec("ctypes"), ctypes.__file__ == spec.origin)
print(spec._initializing, ctypes.__loader__ == spec.loader, ctypes.CDLL(None).abs(-3))

# Another import runs it again.
first = ctypes
del sys.modules["ctypes"]
import ctypes

print(first is ctypes, first.c_int is ctypes.c_int, ctypes.c_int(3), ctypes.CDLL(None).abs(-3))
kept = ctypes.c_int
print(importlib.reload(ctypes) is ctypes, ctypes.c_int is kept, ctypes.c_int(4))
del sys.modules["_ctypes"]
import _ctypes

print(_ctypes is sys.modules["_ctypes"], _ctypes.sizeof(ctypes.c_int))
