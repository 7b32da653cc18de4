# The frames of an import are nobody's affair: a warning comes from who imports, and tracebacks do without them.
import sys
import traceback
import warnings

sys.path.insert(0, "/tmp")
with open("/tmp/old.py", "w") as file:
    file.write("import warnings\nwarnings.warn('old', DeprecationWarning, stacklevel=2)\n")
with open("/tmp/broken.py", "w") as file:
    file.write("def fail():\n    1 / 0\nfail()\n")
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import old
print([warning.filename.rpartition("/")[2] for warning in caught])
try:
    import broken
except ZeroDivisionError as error:
    print([frame.name for frame in traceback.extract_tb(error.__traceback__)])
import ctypes

print(sorted(vars(ctypes.__loader__)))
