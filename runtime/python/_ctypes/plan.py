"""Plans: what a call of a function needs is worked out once, so that C can make the call by itself.

A function has a plan when each of its arguments and its result are of common types. C goes by the plan as long as
the values are common ones too; `call` has the other calls. Both must come to the same.
"""

import _eryx_foreign as foreign

from . import call, intrinsics, libraries
from .data import CType_Type, info_of
from .pointer import PyCPointerType
from .simple import FROM_PARAM, PyCSimpleType

# As in `foreign_function.c`.
_MAX_PARAMETERS = 16
_SIGNATURE_OF_PYTHON = -1
_RESULT_NONE, _RESULT_MADE = "0", "*"
_NATIVE_RESULTS = "bBhHiIlLqQ?fdzPcO"

# Kinds of arguments, as in `foreign.h`: of an undeclared type, and an address or nothing but the very type.
_UNDECLARED, _POINTER = "-", "p"

# Letters of simple types for which C has a conversion of Python's values.
_NATIVE_ARGUMENTS = "bBhHiIlLqQ?fdzPO"

# The conversions of the types that are known here: another one may do anything.
_CONVERSIONS = frozenset(
    (
        CType_Type.from_param,
        PyCPointerType.from_param,
        PyCSimpleType.from_param,
        *FROM_PARAM.values(),
    )
)


def prepare(function, address, flags, argtypes, converters, restype, checker):
    """Gives a function its plan, or notes that it has none."""
    argtypes, converters = tuple(argtypes or ()), converters or ()
    plan = None
    if address in intrinsics.FUNCTIONS:
        number = _SIGNATURE_OF_PYTHON
        plan = _plan(("i" * len(argtypes), ""), argtypes, converters)
        result = _RESULT_MADE, intrinsics.FUNCTIONS[address]
    else:
        number = libraries.signature_at(address) if call.is_linked(address) else -1
        result = _result(restype, checker)
        if number >= 0 and result is not None:
            plan = _plan(call.signature(number), argtypes, converters)
    if plan is None:
        foreign.no_plan(function)
        return
    keeps_errno, raises = bool(flags & call.USE_ERRNO), bool(flags & call.PYTHONAPI)
    kinds, letters, types, result_letter = plan
    foreign.plan(
        function, address, number, keeps_errno, raises, kinds, letters, types,
        result[0], result_letter, result[1],
    )  # fmt: skip


def _plan(signature, argtypes, converters):
    """How the arguments of a function are passed: kinds, letters of WebAssembly, types; and the result's letter."""
    letters, result_letter = signature
    if len(argtypes) != len(converters) or len(argtypes) > len(letters):
        return None
    if len(letters) > _MAX_PARAMETERS:
        return None
    kinds, pointed = [], []
    for argtype, converter, letter in zip(argtypes, converters, letters):
        kind = _kind(argtype, converter, letter)
        if kind is None:
            return None
        kinds.append(kind)
        pointed.append(info_of(argtype).proto if isinstance(argtype, PyCPointerType) else None)
    undeclared = [None] * (len(letters) - len(argtypes))
    types = (*argtypes, *undeclared, *pointed, *undeclared)
    return "".join(kinds) + _UNDECLARED * len(undeclared), letters, types, result_letter or "-"


def _kind(argtype, converter, letter):
    """How C converts an argument; None when it can't."""
    info = info_of(argtype) if isinstance(argtype, type) else None
    conversion = getattr(converter, "__func__", None)
    if info is None or conversion not in _CONVERSIONS or converter.__self__ is not argtype:
        return None
    if info.letters is None or len(info.letters) != 1 or info.is_swapped:
        return None
    if (info.letters in "fd") != (letter in "fd"):
        return None
    if info.code is not None and info.code in _NATIVE_ARGUMENTS:
        return info.code
    if info.kind[0] == "-":
        return None
    # Of other types, instances alone; of pointers, what they can point to as well.
    return _POINTER


def _result(restype, checker):
    """What the result becomes, as C knows it, and what makes it when C does not."""
    if restype is None:
        return _RESULT_NONE, None
    info = info_of(restype) if isinstance(restype, type) else None
    if info is not None and (info.letters is None or len(info.letters) != 1):
        # It is written where an argument points to.
        return None
    is_native = (
        info is not None
        and checker is None
        and info.code is not None
        and info.code in _NATIVE_RESULTS
        and not info.is_swapped
        and not info.stays_object
    )
    if is_native:
        return info.code, None
    return _RESULT_MADE, lambda place: call.result_at(restype, info, checker, place)
