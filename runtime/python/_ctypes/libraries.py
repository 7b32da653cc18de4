"""What is linked into the image, as libraries that can be opened."""

import os
import sys

import _eryx_foreign as foreign

# What `dlopen(None)` answers: the interpreter and libc, whose symbols everybody sees.
_PROGRAM = 1

# Other names of it.
_PROGRAM_NAMES = ("libc.so", "libpython3.14.so")

# The handle of each opened library -> the name that it was linked by.
_names = {}

# The addresses of functions -> the numbers of their signatures: of those that were found in libraries of packages,
# and of all that were called.
_signatures = {}


def dlopen(name, flags=0, /):
    """Opens a library of the image, or the program itself, and answers its handle."""
    sys.audit("ctypes.dlopen", name)
    if name is None:
        return _PROGRAM
    path = os.fsdecode(name)
    if path in _PROGRAM_NAMES:
        return _PROGRAM
    if "\0" in path:
        raise ValueError("embedded null character")
    candidates = [path]
    if "/" in path:
        real = os.path.realpath(path)
        # A library that others need is linked by its name alone.
        candidates += [real, *([os.path.basename(real)] if os.path.exists(real) else [])]
    for candidate in candidates:
        handle = foreign.open_library(candidate)
        if handle is not None:
            _names[handle] = candidate
            return handle
    raise OSError(
        f"{path}: cannot open shared object file: the sandbox has only the libraries that were "
        "linked when its image was baked"
    )


def dlclose(handle, /):
    """Libraries stay open: they were linked when the image was baked."""


def dlsym(handle, name, /):
    """The address of a symbol."""
    sys.audit("ctypes.dlsym/handle", handle, name)
    address = address_in(handle, name)
    if address is None:
        raise OSError(f"undefined symbol: {name}")
    return address


def dllist():
    """The names of the libraries that are open."""
    return [None, *_names.values()]


def address_in(handle, name):
    """The address of a symbol of an opened library, or None."""
    name = os.fsdecode(name)
    if "\0" in name:
        return None
    if handle == _PROGRAM:
        found = foreign.symbol(name) if ":" not in name else None
        return None if found is None else found[0]
    if handle not in _names:
        return None
    found = foreign.library_symbol(handle, name, f"{_names[handle]}:{name}")
    if found is None:
        return None
    address, signature = found
    if signature >= 0:
        _signatures[address] = signature
    return address


def signature_at(address):
    """The number of the signature of the function at an address, or -1 when there is none that is known."""
    signature = _signatures.get(address)
    if signature is None:
        signature = foreign.signature_of(address)
        if signature >= 0:
            _signatures[address] = signature
    return signature
