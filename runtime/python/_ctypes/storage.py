"""What can be asked of types and instances: sizes, addresses, formats."""

import sys

import _eryx_foreign as foreign

from .data import _CData, address_of, info_of, size_of


def sizeof(thing, /):
    """How many bytes a type or an instance has."""
    info = info_of(thing) if isinstance(thing, type) else None
    if info is not None:
        return info.size
    if isinstance(thing, _CData):
        return size_of(thing)
    raise TypeError("this type has no size")


def alignment(thing, /):
    """What the address of an instance is a multiple of."""
    info = info_of(thing if isinstance(thing, type) else type(thing))
    if info is None:
        raise TypeError("no alignment info")
    return info.align


def addressof(thing, /):
    """Where an instance lies."""
    if not isinstance(thing, _CData):
        raise TypeError("invalid type")
    sys.audit("ctypes.addressof", thing)
    return address_of(thing)


def resize(thing, size, /):
    info = info_of(type(thing))
    if info is None:
        raise TypeError("excepted ctypes instance")
    if size < info.size:
        raise ValueError(f"minimum size is {info.size}")
    foreign.resize(thing, size)


def buffer_info(thing, /):
    """How a buffer of a type or an instance looks: format, dimensions, shape."""
    info = info_of(thing if isinstance(thing, type) else type(thing))
    if info is None:
        raise TypeError("not a ctypes type or object")
    return info.format, len(info.shape), info.shape
