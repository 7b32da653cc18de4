"""Calls: arguments as WebAssembly passes them, and what a result of C is in Python."""

import sys

import _eryx_foreign as foreign

from . import intrinsics, libraries
from .arguments import ArgumentError, convert_all
from .data import address_of, info_of, part_of, size_of

PYTHONAPI = 0x4
USE_ERRNO = 0x8

MAX_ARGUMENTS = 1024


# Functions that take any number of arguments -> how many come before those.
_VARIADIC = {
    "printf": 1, "fprintf": 2, "sprintf": 2, "snprintf": 3, "dprintf": 2, "asprintf": 2,
    "scanf": 1, "fscanf": 2, "sscanf": 2, "open": 2, "openat": 3, "fcntl": 2, "ioctl": 2,
    "wprintf": 1, "fwprintf": 2, "swprintf": 3, "swscanf": 2,
    "PyOS_snprintf": 3, "PyErr_Format": 2, "PyUnicode_FromFormat": 1, "PyBytes_FromFormat": 1,
    "PyErr_WarnFormat": 3, "PyArg_ParseTuple": 2, "PyArg_Parse": 2, "PyArg_UnpackTuple": 4,
    "PyArg_ParseTupleAndKeywords": 4, "Py_BuildValue": 1, "PyTuple_Pack": 1,
    "PyObject_CallFunction": 2, "PyObject_CallMethod": 3, "PyObject_CallFunctionObjArgs": 1,
    "PyObject_CallMethodObjArgs": 2, "PySys_WriteStdout": 1, "PySys_WriteStderr": 1,
    "PySys_FormatStdout": 1, "PySys_FormatStderr": 1, "PyErr_FormatUnraisable": 1,
}  # fmt: skip

_variadic = {}


def _fixed_arguments(address):
    """How many arguments come before those of which there can be any number; None when there are none."""
    if not _variadic:
        for name, count in _VARIADIC.items():
            found = foreign.symbol(name)
            if found is not None:
                _variadic[found[0]] = count
    return _variadic.get(address)


class _Lowered:
    """Arguments as WebAssembly passes them: numbers with the letters of their types."""

    def __init__(self):
        self.values, self.kept = [], []

    def copied(self, memory):
        """The address of a copy: what is passed by value is the callee's own."""
        copy = foreign.read(address_of(memory), size_of(memory))
        view = memoryview(bytearray(copy or b"\0"))
        self.kept.append(view)
        return foreign.buffer_address(view)[0]

    def add(self, argument, index):
        memory = argument._memory
        if argument.tag == "g":
            self.values += [
                ("l", foreign.load("Q", address_of(memory), False), index),
                ("l", foreign.load("Q", address_of(memory) + 8, False), index),
            ]
        elif argument.value is not None:
            letter = "i" if memory is None else info_of(type(memory)).letters
            self.values.append((letter, argument.value, index))
        elif size_of(memory):
            self.values.append(("i", self.copied(memory), index))

    def add_variadic(self, arguments, first):
        """Those of which there can be any number lie in memory, one after the other."""
        size = sum(8 if info is None else max(8, info.size) for info in map(_info, arguments)) * 2
        view = memoryview(bytearray(size + 16))
        self.kept.append(view)
        start = foreign.buffer_address(view)[0]
        # Allocated memory need not be aligned as C's own would be.
        start = place = (start + 15) & ~15
        for index, argument in enumerate(arguments, first):
            lowered = _Lowered()
            lowered.add(argument, index)
            self.kept.append(lowered)
            for letter, value, _ in lowered.values:
                code = {"i": "I", "l": "Q", "f": "d", "d": "d"}[letter]
                width = 4 if code == "I" else 8
                if argument.tag == "g" and place % 16 and len(lowered.values) == 2:
                    place = (place + 15) & ~15
                place = (place + width - 1) & -width
                foreign.store(code, place, False, value)
                place += width
        self.values.append(("i", start, first))


def _info(argument):
    return None if argument._memory is None else info_of(type(argument._memory))


def _check(values, parameters):
    """The numbers, when they are of the types that the function has."""
    if len(values) != len(parameters):
        raise TypeError(
            f"this function takes {len(parameters)} arguments ({len(values)} given), "
            "as its type in WebAssembly says"
        )
    for (letter, value, index), parameter in zip(values, parameters):
        if (letter in "fd") != (parameter in "fd"):
            wanted = "a floating point number" if parameter in "fd" else "an integer or a pointer"
            raise ArgumentError(f"argument {index}: TypeError: the function takes {wanted}")
        if parameter == "i" and letter == "i" and value >= intrinsics.FIRST:
            if value in python_functions:
                raise ArgumentError(
                    f"argument {index}: RuntimeError: C can't call back a function of this type "
                    "in the sandbox"
                )
    return tuple(value for _, value, _ in values)


# Functions that only Python can call, by their addresses.
python_functions = {}


def signature(number):
    """The letters of the parameters of a signature, and that of its result."""
    if not _signatures:
        texts, callbacks = foreign.signatures()
        _signatures.extend(text.split(":") for text in texts)
        _callback_numbers.update((text, index) for index, text in enumerate(texts[:callbacks]))
    return _signatures[number]


_signatures = []
_callback_numbers = {}


def callback_number(text):
    """The number of a signature that has callbacks, or None."""
    signature(0)
    return _callback_numbers.get(text)


def is_linked(address):
    """Whether C calls the function at an address, with nothing but the arguments that its type has."""
    return not (
        address in intrinsics.FUNCTIONS
        or address in python_functions
        or _fixed_arguments(address) is not None
    )


def call_address(address, flags, arguments, converters, restype, checker):
    """Calls the function at an address, and returns its result."""
    if len(arguments) > MAX_ARGUMENTS:
        raise ArgumentError(f"too many arguments ({len(arguments)}), maximum is {MAX_ARGUMENTS}")
    converted = convert_all(arguments, converters)
    if address in intrinsics.FUNCTIONS:
        return intrinsics.FUNCTIONS[address](*map(_plain, converted))
    info = info_of(restype) if isinstance(restype, type) else None
    if address in python_functions:
        target = result = _call_python(address, converted, info)
    else:
        target, result = _call_linked(address, flags, converted, restype, info)
    return result_at(restype, info, checker, result)


def _plain(argument):
    """An argument of a function that is Python."""
    if argument.tag == "O":
        return foreign.object_at(argument.value)
    return argument.value


def _call_linked(address, flags, converted, restype, info):
    if not address:
        raise ValueError("attempt to call a NULL function pointer")
    number = libraries.signature_at(address)
    if number < 0:
        raise RuntimeError(
            f"there is no function that can be called at {address:#x}: the sandbox calls only functions "
            "whose types are known, those that linked libraries export"
        )
    parameters, letter = signature(number)
    lowered = _Lowered()
    target = None
    if info is not None and (info.letters is None or len(info.letters) > 1) and info.size:
        # Such a result is written where the first argument points to.
        target = bytearray(info.size)
        view = memoryview(target)
        lowered.kept.append(view)
        lowered.values.append(("i", foreign.buffer_address(view)[0], 0))
    fixed = _fixed_arguments(address)
    if fixed is None or len(converted) < fixed:
        fixed = len(converted)
        variadic = []
    else:
        variadic = converted[fixed:]
    for index, argument in enumerate(converted[:fixed], 1):
        lowered.add(argument, index)
    if _fixed_arguments(address) is not None and len(lowered.values) + 1 == len(parameters):
        lowered.add_variadic(variadic, fixed + 1)
    values = _check(lowered.values, parameters)
    foreign.call(
        address, number, parameters, values, bool(flags & USE_ERRNO), bool(flags & PYTHONAPI)
    )
    if target is not None:
        return target, foreign.buffer_address(target)[0]
    if info is not None and info.code in ("f", "d") and letter in ("f", "d") and letter != info.code:
        # The caller says another width than the function has.
        foreign.store(info.code, foreign.RESULT, False, foreign.load(letter, foreign.RESULT, False))
    return None, foreign.RESULT


def _call_python(address, converted, info):
    """Calls a function of Python as C would, through memory."""
    places = bytearray(16 * len(converted) + 16)
    view = memoryview(places)
    start = foreign.buffer_address(view)[0]
    kept = [view]
    place = start
    for index, argument in enumerate(converted, 1):
        lowered = _Lowered()
        kept.append(lowered)
        lowered.add(argument, index)
        for letter, value, _ in lowered.values:
            foreign.store({"i": "q", "l": "Q"}.get(letter, letter), place, False, value)
            place += 8
    result = memoryview(bytearray(max(64, info.size if info is not None else 0)))
    where = foreign.buffer_address(result)[0]
    python_functions[address](start, where)
    kept.append(result)
    _last_result[:] = [result]
    return where


# The memory of the last result of a function of Python, until it has been read.
_last_result = []


def result_at(restype, info, checker, address):
    """What the result that lies at an address is in Python."""
    if restype is None:
        return None
    if info is None:
        return restype(foreign.load("i", address, False))
    if info.getter is not None and not info.stays_object:
        result = info.getter(address, info.size)
        if info.code == "O":
            # The function gave a reference, and reading it took one more.
            foreign.decrement(result)
    else:
        result = part_of(restype, None, 0, address)
    return result if checker is None else checker(result)


def call_function(address, arguments, /):
    return _call_untyped(address, arguments, 0)


def call_cdeclfunction(address, arguments, /):
    return _call_untyped(address, arguments, 1)


def _call_untyped(address, arguments, flags):
    from ctypes import c_int

    if not isinstance(address, int) or not isinstance(arguments, tuple):
        raise TypeError("an address and a tuple of arguments are needed")
    sys.audit("ctypes.call_function", address, arguments)
    return call_address(address, flags, arguments, None, c_int, None)


def get_errno():
    sys.audit("ctypes.get_errno")
    value = foreign.exchange_errno(0)
    foreign.exchange_errno(value)
    return value


def set_errno(value, /):
    sys.audit("ctypes.set_errno", value)
    return foreign.exchange_errno(value)


def PyObj_FromPtr(address, /):
    sys.audit("ctypes.PyObj_FromPtr", address)
    return foreign.object_at(address)


def Py_INCREF(thing, /):
    return foreign.increment(thing)


def Py_DECREF(thing, /):
    return foreign.decrement(thing)
