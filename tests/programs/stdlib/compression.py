import bz2
import io
import lzma
import tarfile
import zipfile
import zlib
from compression import zstd

data = b"the quick brown fox jumps over the lazy dog. " * 2000

for module in bz2, lzma, zlib, zstd:
    packed = module.compress(data)
    print(module.__name__, len(packed) < 400, module.decompress(packed) == data)

# Formats as other programs write them.
print(bz2.decompress(bytes.fromhex(
    "425a6839314159265359648cbb73000000010038002000219819846177245385090648cbb730")))
print(lzma.decompress(bytes.fromhex(
    "fd377a585a000004e6d6b4460200210116000000742fe5a301000261626300002776271a4a09d82c00011b030b2fb910"
    "1fb6f37d010000000004595a")))
print(zstd.decompress(bytes.fromhex("28b52ffd04582100006162630a2d6e4c82")))

for mode in "gz", "bz2", "xz", "zst":
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=f"w:{mode}") as archive:
        entry = tarfile.TarInfo("name")
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    file.seek(0)
    with tarfile.open(fileobj=file) as archive:
        print(mode, archive.extractfile("name").read() == data)

for method in zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_ZSTANDARD:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("name", data)
    with zipfile.ZipFile(file) as archive:
        print(method, archive.testzip(), archive.read("name") == data)
