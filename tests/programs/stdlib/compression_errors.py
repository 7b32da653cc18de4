import bz2
import copy
import lzma
from compression import zstd

for module, error in (bz2, OSError), (lzma, lzma.LZMAError), (zstd, zstd.ZstdError):
    packed = module.compress(b"text " * 1000)
    for broken in packed[:-1], b"no such format", packed[:9] + b"????" + packed[13:]:
        try:
            print(module.decompress(broken))
        except (error, ValueError, EOFError) as problem:
            print(type(problem).__qualname__, "-", problem)

# Bounds: memory for what is decompressed, and how much comes out at once.
try:
    lzma.LZMADecompressor(memlimit=1 << 16).decompress(lzma.compress(b"x"))
except lzma.LZMAError as problem:
    print(problem)
for decompressor, packed in (
    (bz2.BZ2Decompressor(), bz2.compress(bytes(10_000_000))),
    (lzma.LZMADecompressor(), lzma.compress(bytes(10_000_000))),
    (zstd.ZstdDecompressor(), zstd.compress(bytes(10_000_000))),
):
    sizes = {len(decompressor.decompress(packed, 1000))}
    while not decompressor.eof:
        sizes.add(len(decompressor.decompress(b"", 1_000_000)))
    print(max(sizes), decompressor.unused_data)
try:
    copy.copy(bz2.BZ2Compressor())
except TypeError as problem:
    print(problem)
