"""What the standard library's `ssl` is made of, without TLS.

There is no network in the sandbox, so there is nothing to encrypt. But a great deal of code imports
`ssl` and makes contexts long before it connects, or never connects: with this module it runs. Settings
are kept and given back, certificates are read, and what would begin a connection is refused with an
`ssl.SSLError` that says so. No cryptography is in here.
"""

import os as _os

from _eryx.tls import constants as _constants
from _eryx.tls.constants import *
from _eryx.tls.context import _SSLContext
from _eryx.tls.errors import (
    SSLCertVerificationError,
    SSLEOFError,
    SSLError,
    SSLSyscallError,
    SSLWantReadError,
    SSLWantWriteError,
    SSLZeroReturnError,
)
from _eryx.tls.memory import MemoryBIO

# Code compares these with what it needs at least, and its words with those of libraries that it has
# trouble with. The interface is that of this version.
OPENSSL_VERSION_NUMBER = 0x30000000
OPENSSL_VERSION_INFO = (3, 0, 0, 0, 0)
OPENSSL_VERSION = "OpenSSL 3.0.0 interface, without TLS"
_OPENSSL_API_VERSION = OPENSSL_VERSION_INFO
_DEFAULT_CIPHERS = "DEFAULT"


class SSLSession:
    """A session of a connection. There are none."""

    def __new__(cls, *_, **__):
        raise TypeError("cannot create '_ssl.SSLSession' instances")


def RAND_status():
    """Whether the generator of random numbers has been seeded."""
    return True


def RAND_add(string, entropy, /):
    """Mixes into the generator. The host's needs nothing mixed in."""


def RAND_bytes(n, /):
    """Generates cryptographically strong random bytes."""
    if n < 0:
        raise ValueError("num must be positive")
    return _os.urandom(n)


def get_default_verify_paths():
    """The variables and the paths by which certificates are found."""
    return _constants._VERIFY_PATHS


# Number, short and long name, identifier: those that `ssl.Purpose` consists of.
_OBJECTS = (
    (129, "serverAuth", "TLS Web Server Authentication", "1.3.6.1.5.5.7.3.1"),
    (130, "clientAuth", "TLS Web Client Authentication", "1.3.6.1.5.5.7.3.2"),
)


def txt2obj(txt, name=False):
    """Looks an object up by its identifier, or also by its names."""
    for known in _OBJECTS:
        if txt == known[3] or (name and txt in known[1:3]):
            return known
    raise ValueError(f"unknown object '{txt[:100]}'")


def nid2obj(nid, /):
    """Looks an object up by its number."""
    for known in _OBJECTS:
        if nid == known[0]:
            return known
    raise ValueError(f"unknown NID {nid}")
