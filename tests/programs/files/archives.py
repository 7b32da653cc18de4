import io
import shutil
import tarfile
import zipfile

with zipfile.ZipFile("/tmp/a.zip", "w") as archive:
    archive.writestr("inner/file.txt", "contents" * 10)
print(zipfile.ZipFile("/tmp/a.zip").read("inner/file.txt")[:8], zipfile.is_zipfile("/tmp/a.zip"))
with tarfile.open("/tmp/a.tar", "w") as archive:
    info = tarfile.TarInfo("file")
    info.size = 3
    archive.addfile(info, io.BytesIO(b"abc"))
tarfile.open("/tmp/a.tar").extractall("/tmp/out", filter="data")
print(open("/tmp/out/file").read())
shutil.unpack_archive("/tmp/a.zip", "/tmp/unzipped")
print(len(open("/tmp/unzipped/inner/file.txt").read()))
