"""Arguments: what a value of Python is in C."""

import _eryx_foreign as foreign

from .data import _CData, address_of, info_of
from .values import wide_buffer


class ArgumentError(Exception):
    pass


ArgumentError.__module__ = "ctypes"


# An argument that was converted: a letter, the value, and what it lies in.
CArgObject = foreign.argument_type()

# Makes one of a tag, a value, and what is kept alive.
argument = foreign.argument

# The address of an instance, as an argument of a call.
byref = foreign.byref


def argument_of_memory(tag, memory, kept):
    """An argument whose value lies in the memory of an instance of a type of C."""
    info = info_of(type(memory))
    made = argument(tag, None, kept)
    made._memory = memory
    if info.letters is not None and len(info.letters) == 1 and tag != "O":
        made.value = _scalar(info, memory)
    elif tag == "O":
        made.value = foreign.load("P", address_of(memory), False)
    return made


def _shown(self):
    if self.tag in "bBhHiIlLqQfd":
        return f"<cparam '{self.tag}' ({self.value})>"
    if self.tag == "c":
        is_shown = 32 <= self.value < 127
        shown = chr(self.value) if is_shown else f"\\x{self.value & 0xFF:02x}"
        return f"<cparam 'c' ('{shown}')>"
    if self.tag in "zZP":
        return f"<cparam '{self.tag}' ({self.value:#010x})>"
    return f"<cparam '{self.tag}' at {id(self):#x}>"


CArgObject.__repr__ = _shown

_NUMBERS = {"c": "B", "u": "I", "?": "B", "v": "h", "z": "P", "Z": "P", "O": "P"}


def _scalar(info, memory):
    """The number that a value is passed as."""
    address = address_of(memory)
    while info.code is None and info.shape == () and info.proto is None and info.letters:
        # A structure with one field is passed as that.
        field = type(memory)._fields_[0]
        info = info_of(field[1])
        while info.shape == (1,):
            info = info_of(info.proto)
    if info.code is None:
        return foreign.load("P", address, False)
    return foreign.load(_NUMBERS.get(info.code, info.code), address, info.is_swapped)


def _of_instance(thing):
    """An instance of a type of C as an argument."""
    from .aggregate import Structure, Union
    from .array import Array

    info = info_of(type(thing))
    if isinstance(thing, Array):
        return argument("P", address_of(thing), thing)
    if isinstance(thing, (Structure, Union)):
        return argument_of_memory("V", thing, thing)
    if info.code is None:
        return argument("P", foreign.load("P", address_of(thing), False), thing)
    return argument_of_memory(info.code, thing, thing)


def _converted(value, index):
    """An argument whose type the function does not say."""
    if isinstance(value, CArgObject):
        return value
    if isinstance(value, _CData):
        return _of_instance(value)
    if value is None:
        return argument("P", 0, None)
    if isinstance(value, int):
        if not -(1 << 31) <= value < 1 << 32:
            raise OverflowError("int too long to convert")
        return argument("i", value, None)
    if isinstance(value, bytes):
        return argument("z", foreign.buffer_address(value)[0], value)
    if isinstance(value, str):
        kept = memoryview(wide_buffer(value))
        return argument("Z", foreign.buffer_address(kept)[0], kept)
    if hasattr(value, "_as_parameter_"):
        return _converted(value._as_parameter_, index)
    raise TypeError(f"Don't know how to convert parameter {index}")


def convert_all(arguments, converters):
    converted = []
    for index, value in enumerate(arguments, 1):
        try:
            if converters is not None and index <= len(converters):
                value = converters[index - 1](value)
            converted.append(_converted(value, index))
        except Exception as error:
            name = type(error).__name__
            raise ArgumentError(f"argument {index}: {name}: {error}") from None
    return converted
