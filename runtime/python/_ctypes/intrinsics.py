"""Functions of `ctypes` that have addresses in CPython. Here they are Python, behind addresses that no
function of WebAssembly has."""

import sys

import _eryx_foreign as foreign

# Addresses from here on are of functions that only Python can call.
FIRST = foreign.FIRST_OF_PYTHON

STRING_AT = FIRST
WSTRING_AT = FIRST + 1
CAST = FIRST + 2
MEMORYVIEW_AT = FIRST + 3

# The functions of libc, which C can call as well.
MEMMOVE = foreign.symbol("memmove")[0]
MEMSET = foreign.symbol("memset")[0]


def _string_at(address, size):
    sys.audit("ctypes.string_at", address or 0, size)
    return foreign.read(address or 0, size)


def _wide_string_at(address, size):
    sys.audit("ctypes.wstring_at", address or 0, size)
    return foreign.read_wide(address or 0, size)


def _memoryview_at(address, size, is_readonly):
    sys.audit("ctypes.memoryview_at", address or 0, size, is_readonly)
    if size < 0:
        raise ValueError("memoryview_at: size is negative (or overflowed)")
    return foreign.view(address or 0, size, bool(is_readonly))


def _cast(address, source, cls):
    from .data import _CData, address_of, info_of, kept_objects, objects_of
    from .simple import PyCSimpleType
    from .function import PyCFuncPtrType
    from .pointer import PyCPointerType

    info = info_of(cls) if isinstance(cls, type) else None
    is_pointer = isinstance(cls, (PyCPointerType, PyCFuncPtrType)) or (
        isinstance(cls, PyCSimpleType) and info is not None and info.code in "sPzUZXO"
    )
    if not is_pointer:
        name = cls.__name__ if isinstance(cls, type) else repr(cls)
        raise TypeError(f"cast() argument 2 must be a pointer, not {name}")
    result = cls()
    # What lies behind the pointer lives as long as the result, and so does what it keeps alive itself.
    if isinstance(source, _CData):
        kept_objects(source)
        objects = objects_of(source)
        if objects is None:
            objects = {}
            foreign.keep(source, objects)
        foreign.keep(result, objects)
        if isinstance(objects, dict):
            objects[id(source)] = source
    foreign.store("P", address_of(result), False, address or 0)
    return result


FUNCTIONS = {
    STRING_AT: _string_at,
    WSTRING_AT: _wide_string_at,
    CAST: _cast,
    MEMORYVIEW_AT: _memoryview_at,
}
