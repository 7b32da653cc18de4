"""What the standard library's `ctypes` is made of, where functions have types and no machine code.

CPython's own `_ctypes` needs libffi, which makes calls and callbacks at run time. Here the types, their
layout and the rules of conversion are Python; memory and calls are `_eryx_foreign`, a module of the guest.
Names, messages and what is kept alive are those of CPython.
"""

from .aggregate import CField, Structure, Union
from .array import Array
from .arguments import ArgumentError, CArgObject, byref
from .call import (
    MAX_ARGUMENTS,
    Py_DECREF,
    Py_INCREF,
    PyObj_FromPtr,
    call_cdeclfunction,
    call_function,
    get_errno,
    set_errno,
)
from .data import CType_Type, _CData, _unpickle
from .function import CFuncPtr
from .libraries import dlclose, dllist, dlopen, dlsym
from .pointer import _Pointer
from .simple import _SimpleCData
from .storage import addressof, alignment, buffer_info, resize, sizeof
from . import intrinsics as _intrinsics
from . import frozen as _frozen

__version__ = "1.1.0"

RTLD_LOCAL = 0
RTLD_GLOBAL = 256

FUNCFLAG_STDCALL = 0x0
FUNCFLAG_CDECL = 0x1
FUNCFLAG_HRESULT = 0x2
FUNCFLAG_PYTHONAPI = 0x4
FUNCFLAG_USE_ERRNO = 0x8
FUNCFLAG_USE_LASTERROR = 0x10

CTYPES_MAX_ARGCOUNT = MAX_ARGUMENTS
SIZEOF_TIME_T = 8

_memmove_addr = _intrinsics.MEMMOVE
_memset_addr = _intrinsics.MEMSET
_string_at_addr = _intrinsics.STRING_AT
_wstring_at_addr = _intrinsics.WSTRING_AT
_cast_addr = _intrinsics.CAST
_memoryview_at_addr = _intrinsics.MEMORYVIEW_AT
