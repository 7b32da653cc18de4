"""`pbkdf2_hmac` and `scrypt` of `hashlib`, which come from OpenSSL elsewhere.

The digests that passwords are hashed with in practice are fast; every other one works.
"""

import operator

import _eryx_derivation

_MOST_INT = (1 << 31) - 1

# What scrypt may take when nothing is said, as everywhere.
_DEFAULT_MEMORY = 32 << 20


def pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None):
    """A key from a password, by many rounds of HMAC (RFC 8018, section 5.2)."""
    import hashlib

    if not isinstance(hash_name, str):
        raise TypeError(f"pbkdf2_hmac() argument 'hash_name' must be str, not {type(hash_name).__name__}")
    iterations = operator.index(iterations)
    size = hashlib.new(hash_name).digest_size if dklen is None else operator.index(dklen)
    if iterations < 1:
        raise ValueError("iteration value must be greater than 0.")
    if iterations > _MOST_INT:
        raise OverflowError("iteration value is too great.")
    if size < 1:
        raise ValueError("key length must be greater than 0.")
    if size > _MOST_INT:
        raise OverflowError("key length is too great.")
    name = hash_name.lower().replace("-", "")
    if name in ("sha256", "sha512"):
        return _eryx_derivation.pbkdf2(name, password, salt, iterations, size)
    return _pbkdf2(hash_name, password, salt, iterations, size)


def _pbkdf2(hash_name, password, salt, iterations, size):
    """The same in Python, for every digest there is."""
    import hmac

    keyed = hmac.new(bytes(password), digestmod=hash_name)
    key = b""
    number = 1
    while len(key) < size:
        step = keyed.copy()
        step.update(salt)
        step.update(number.to_bytes(4, "big"))
        digest = step.digest()
        block = int.from_bytes(digest, "big")
        for _ in range(iterations - 1):
            step = keyed.copy()
            step.update(digest)
            digest = step.digest()
            block ^= int.from_bytes(digest, "big")
        key += block.to_bytes(len(digest), "big")
        number += 1
    return key[:size]


def scrypt(password, *, salt=None, n=None, r=None, p=None, maxmem=0, dklen=64):
    """A key from a password, by a function that needs much memory (RFC 7914)."""
    if salt is None:
        raise TypeError("salt is required")
    for name, value in ("n", n), ("r", r), ("p", p):
        if not isinstance(value, int):
            raise TypeError(f"{name} is required and must be an unsigned int")
    if n < 2 or n & (n - 1) or n >= 1 << 64:
        raise ValueError("n must be a power of 2.")
    maxmem, dklen = operator.index(maxmem), operator.index(dklen)
    if maxmem >= 1 << 63:
        raise OverflowError("maxmem is too large")
    if not 0 <= maxmem <= _MOST_INT:
        raise ValueError(f"maxmem must be positive and smaller than {_MOST_INT}")
    if not 1 <= dklen <= _MOST_INT:
        raise ValueError(f"dklen must be greater than 0 and smaller than {_MOST_INT}")
    if r < 1 or p < 1 or r * p >= 1 << 30 or n >= 1 << (16 * r):
        raise ValueError("Invalid parameter combination for n, r, p, maxmem.")
    # Blocks of 128 * r bytes: n of them to mix, p to begin with, and two more.
    if 128 * r * (n + p + 2) > (maxmem or _DEFAULT_MEMORY):
        raise ValueError("Invalid parameter combination for n, r, p, maxmem: memory limit exceeded.")
    return _eryx_derivation.scrypt(password, salt, n, r, p, dklen)


def install(hashlib):
    """Adds the functions to `hashlib`."""
    hashlib.pbkdf2_hmac = pbkdf2_hmac
    hashlib.scrypt = scrypt
    for name in ("pbkdf2_hmac", "scrypt"):
        globals()[name].__module__ = "hashlib"
    if "pbkdf2_hmac" not in hashlib.__all__:
        hashlib.__all__ += ("pbkdf2_hmac",)
