import base64
import bisect
import collections
import decimal
import fractions
import functools
import hashlib
import heapq
import hmac
import itertools
import math
import re
import statistics
import struct
import textwrap
import zlib

print(decimal.Decimal(1) / 7, fractions.Fraction(3, 9), math.sqrt(2), statistics.mean([1, 2, 4]))
print(hashlib.sha256(b"x").hexdigest()[:16], hashlib.md5(b"x").hexdigest()[:8], hashlib.blake2b(b"x").hexdigest()[:8])
print(hashlib.sha3_256(b"x").hexdigest()[:8], hmac.new(b"k", b"m", "sha1").hexdigest()[:8], hashlib.scrypt(b"a", salt=b"b", n=2, r=1, p=1, dklen=4).hex())
print(zlib.crc32(b"x"), zlib.decompress(zlib.compress(b"abc" * 100))[:3], base64.b64encode(b"\xff\x00"))
print(re.findall(r"(?P<a>\w)(\d)", "a1 b2"), struct.pack(">Hd", 1, 1.5), 2**200, 0.1 + 0.2, 1e308 * 10)
print(collections.Counter("hello").most_common(1), list(itertools.pairwise("abc")), heapq.nsmallest(2, [3, 1, 2]))
print(f"{1234567.891:,.2f} {255:#x} {'x':>5} {3.0!r:_<6}", "%5.1f" % 2.25, format(-1, "08b"), round(2.5))
print("ß".upper(), "İ".lower().encode(), "e\u0301", sorted("éaz"), "日本".encode("shift_jis"), "é".encode("cp437"))
print(int("9" * 50) % 97, hash("x") == hash("x"), divmod(-7, 3), complex("1+2j") ** 2, float("nan") != float("nan"))
