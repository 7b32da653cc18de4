import sys
import zipfile

with zipfile.ZipFile("/tmp/m.zip", "w") as archive:
    archive.writestr("zipped.py", "value = 'from a zip'\n")
sys.path.insert(0, "/tmp/m.zip")
import zipped

print(zipped.value, zipped.__file__)
