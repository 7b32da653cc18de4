# Unpacks an archive of sources into a directory: archive, directory. Nothing lands outside of it.
import sys
import tarfile
import zipfile

archive, directory = sys.argv[1:]
if zipfile.is_zipfile(archive):
    with zipfile.ZipFile(archive) as file:
        file.extractall(directory)
else:
    with tarfile.open(archive) as file:
        file.extractall(directory, filter="data")
