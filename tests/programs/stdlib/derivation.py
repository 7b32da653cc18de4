# The test vectors of RFC 6070, RFC 7914 and others.
import hashlib
import hmac
import secrets

print(hashlib.pbkdf2_hmac("sha1", b"password", b"salt", 4096).hex())
print(hashlib.pbkdf2_hmac("sha256", b"passwd", b"salt", 1, 64).hex())
print(hashlib.pbkdf2_hmac("sha512", b"password", b"salt", 1000, 20).hex())
print(hashlib.pbkdf2_hmac("SHA-256", bytearray(b"a"), memoryview(b"b"), 2, 3).hex())
print(hashlib.scrypt(b"", salt=b"", n=16, r=1, p=1, dklen=16).hex())
print(hashlib.scrypt(b"password", salt=b"NaCl", n=1024, r=8, p=16, dklen=16).hex())
for arguments in ("sha256", b"", b"", 0), ("none", b"", b"", 1), ("sha256", b"", b"", 1, 0):
    try:
        hashlib.pbkdf2_hmac(*arguments)
    except ValueError as error:
        print(error)
try:
    hashlib.scrypt(b"", salt=b"", n=1 << 20, r=8, p=1)
except ValueError as error:
    print(error)

# Every algorithm that Python guarantees.
for name in sorted(hashlib.algorithms_guaranteed):
    length = (8,) if name.startswith("shake") else ()
    print(name, hashlib.new(name, b"abc").hexdigest(*length)[:16])
print(hmac.digest(b"key", b"text", "sha3_256").hex()[:16], len(secrets.token_bytes()))
