# fused
# What an archive is told of files, their modes too, comes out of it again.
import io
import os
import stat
import tarfile
import zipfile

os.chdir("/tmp")
os.mkdir("d")
open("d/f", "w").close()
os.chmod("d/f", 0o750)
buffer = io.BytesIO()
with tarfile.open(fileobj=buffer, mode="w") as archive:
    archive.add("d")
buffer.seek(0)
with tarfile.open(fileobj=buffer) as archive:
    print([(member.name, oct(member.mode)) for member in archive])
    archive.extractall("out", filter="tar")
print(stat.filemode(os.stat("out/d/f").st_mode))
with zipfile.ZipFile("z.zip", "w") as archive:
    archive.write("d/f")
print(oct(zipfile.ZipFile("z.zip").infolist()[0].external_attr >> 16))
