"""Certificates in files and texts: found, told apart and counted, but not judged."""

import binascii
import re

from _eryx.tls.errors import failed

_BLOCK = re.compile(
    rb"-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----\s(.*?)-----END \1-----", re.DOTALL
)

_KEY = re.compile(rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s")

# The extension `basicConstraints` (RFC 5280, 4.2.1.9) that says CA:TRUE, in DER: its identifier, whether
# it is critical, and a sequence that begins with TRUE.
_IS_AUTHORITY = re.compile(rb"\x06\x03\x55\x1d\x13(?:\x01\x01\xff)?\x04.\x30.\x01\x01\xff", re.DOTALL)


def from_text(text):
    """The certificates of a PEM text, as DER."""
    certificates = []
    for match in _BLOCK.finditer(text):
        try:
            data = binascii.a2b_base64(match[2])
        except binascii.Error as error:
            raise failed(f"a certificate is no base64: {error}") from None
        certificates += from_der(data)
    return certificates


def from_der(data):
    """The certificates in these bytes, one after the other, as DER."""
    certificates = []
    while data:
        size = _size_of_sequence(data)
        if size is None or size > len(data):
            raise failed("a certificate is no DER, or not whole")
        certificates.append(bytes(data[:size]))
        data = data[size:]
    return certificates


def is_authority(certificate):
    """Whether a certificate in DER says that it may sign others."""
    return _IS_AUTHORITY.search(certificate) is not None


def has_key(text):
    """Whether a PEM text has a private key."""
    return _KEY.search(text) is not None


def _size_of_sequence(data):
    """How long the ASN.1 sequence at the beginning is, with its header; none when there is none."""
    if len(data) < 2 or data[0] != 0x30:
        return None
    if data[1] < 0x80:
        return 2 + data[1]
    count = data[1] & 0x7F
    if not 1 <= count <= 4 or len(data) < 2 + count:
        return None
    return 2 + count + int.from_bytes(data[2 : 2 + count], "big")
