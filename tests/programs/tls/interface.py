# The names, numbers and helpers of the module are there.
import _ssl
import hashlib
import hmac
import ssl
import sys

print(ssl.OPENSSL_VERSION, ssl.OPENSSL_VERSION_INFO)
for group in (ssl.VerifyMode, ssl.TLSVersion, ssl.SSLErrorNumber):
    print([f"{member.name}={member.value}" for member in group])
print(ssl.AlertDescription(40).name, ssl.Options(ssl.OP_NO_TICKET).name, ssl.Purpose.SERVER_AUTH.shortname)
print(ssl.SSLCertVerificationError.__mro__[1:4], ssl.CertificateError is ssl.SSLCertVerificationError)
print(ssl.get_default_verify_paths().openssl_cafile_env, ssl.get_default_verify_paths().cafile)
print(len(ssl.RAND_bytes(16)), ssl.RAND_status(), ssl.RAND_add(b"x", 1.0))
for ask in (lambda: _ssl.nid2obj(1), lambda: _ssl.txt2obj("1.2"), lambda: ssl.RAND_bytes(-1)):
    try:
        print(ask())
    except ValueError as error:
        print(error)

buffer = ssl.MemoryBIO()
print(buffer.write(b"certificate"), buffer.pending, buffer.read(4), buffer.eof)
buffer.write_eof()
print(buffer.eof, buffer.read(), buffer.read(), buffer.eof)
try:
    buffer.write(b"x")
except ssl.SSLError as error:
    print(error)

print(hashlib.sha256(b"x").hexdigest()[:8], hmac.new(b"k", b"x", "sha256").hexdigest()[:8])
print("_hashlib" in sys.modules)
