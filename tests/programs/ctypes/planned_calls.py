# A call that is planned ahead comes to the same as one that is not: those of a function with `errcheck` have no plan.
import enum
from ctypes import *


class MyInt(c_int):
    pass


class Small(enum.IntEnum):
    ONE = 1


class Holder:
    _as_parameter_ = 7


class Odd:
    @classmethod
    def from_param(cls, value):
        return c_int(len(value))


class Point(Structure):
    _fields_ = [("x", c_int), ("y", c_int)]


NUMBERS = [
    c_byte, c_ubyte, c_short, c_ushort, c_int, c_uint, c_long, c_ulong, c_longlong, c_ulonglong,
    c_bool, c_float, c_double, c_char, c_wchar, c_longdouble, MyInt, c_int.__ctype_be__,
]
POINTERS = [
    c_void_p, c_char_p, c_wchar_p, POINTER(c_int), POINTER(c_char), c_int * 3, py_object,
    CFUNCTYPE(c_int), Point, Odd,
]
array, text = (c_int * 3)(1, 2, 3), create_string_buffer(b"hello")
number = c_int(5)
callback = CFUNCTYPE(c_int)(lambda: 1)
only_python = CFUNCTYPE(c_int, *[c_int] * 9)(lambda *all: 1)
VALUES = [
    0, 1, -1, 127, 128, -129, 255, 256, 2**15, 2**31 - 1, 2**31, -(2**31), 2**32 - 1, 2**32, -(2**63),
    2**64, 2**80, True, False, 1.5, -0.0, 1e300, float("inf"), None, b"a", b"hello", bytearray(b"x"),
    "b", "", Small.ONE, Holder(), Odd(), object, (), [], 3j,
    array, text, number, callback, only_python, Point(1, 2), byref(number), byref(number, 2),
    byref(text), pointer(number), cast(text, POINTER(c_char)), cast(text, c_char_p), c_void_p(77),
    c_void_p(0xFFFF0000), c_uint(2**32 - 1), c_byte(-3), c_double(2.5), c_float(0.1), c_longlong(-9),
    c_char(b"z"), c_wchar("y"), c_bool(True), MyInt(6), py_object(object), c_int.__ctype_be__(9),
    c_longdouble(0.5), pointer(pointer(number)), POINTER(c_int)(), (c_byte * 5)(),
]  # fmt: skip


def shown(result):
    if isinstance(result, (_Pointer, CFUNCTYPE(c_int))):
        return type(result), cast(result, c_void_p).value
    return type(result), str(getattr(result, "value", result))


def outcome(function, arguments):
    try:
        return shown(function(*arguments))
    except Exception as error:
        return type(error), str(error)


def pair(name, library=CDLL(None)):
    """The function twice: the second time with no plan."""
    planned, unplanned = library[name], library[name]
    unplanned.errcheck = lambda result, function, arguments: result
    return planned, unplanned


def compare(name, argtypes, restype, calls):
    planned, unplanned = pair(name)
    for function in (planned, unplanned):
        function.restype = restype
        if argtypes is not None:
            function.argtypes = argtypes
    for arguments in calls:
        expected = outcome(unplanned, arguments)
        # The first call makes the plan.
        for _ in range(2):
            found = outcome(planned, arguments)
            assert found == expected, (name, argtypes, restype, arguments, found, expected)
    return len(calls)


_Pointer = POINTER(c_int).__base__
count = 0
one = [(value,) for value in VALUES]
# Of these a copy is passed, and where it lies is another matter each time.
not_copied = [call for call in one if not isinstance(call[0], (str, Point))]
for argtype in (*NUMBERS, *POINTERS):
    for name in ("abs", "llabs", "fabs"):
        calls = one if name == "fabs" else not_copied
        count += compare(name, [argtype], c_int, calls)
        count += compare(name, [argtype], c_double, calls)
for name in ("abs", "llabs", "fabs"):
    for restype in (c_int, c_double, c_longlong):
        count += compare(name, None, restype, not_copied)
for restype in (*NUMBERS, c_void_p, POINTER(c_int), None, hex):
    count += compare("abs", [c_int], restype, [(value,) for value in (0, 1, -1, 200, 70000)])
    count += compare("fabs", [c_double], restype, [(1.5,), (0.0,), (0.1,)])
word = b"hello"
for restype in (c_char_p, c_void_p, c_wchar_p, POINTER(c_char), lambda address: address - id(word)):
    count += compare("strchr", [c_char_p, c_int], restype, [(word, 108), (word, 120), (word, 0), (word,)])
    count += compare("strchr", None, restype, [(word, 108), (word, 120), (), (word, 1, 2)])
wide = pair("PyList_New", pythonapi)
for function in wide:
    function.restype, function.argtypes = py_object, [c_int]
for size in (0, -1, "x", 0):
    assert outcome(wide[0], (size,)) == outcome(wide[1], (size,)), size
print(count > 5000, outcome(wide[0], (0,)), outcome(wide[0], (-1,))[0])
