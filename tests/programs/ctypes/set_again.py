# What is set for a function counts from its next call, however often it was called before.
from ctypes import *

function = CDLL(None).abs
print(function(-3), function(-3))
function.restype = c_double
print(type(function(0)), type(function(0)))
function.restype = c_int
function.argtypes = [c_byte]
print(function(257), function(257))
function.argtypes = [c_char_p]
try:
    function(1)
except ArgumentError as error:
    print(error)
function.argtypes = None
function.errcheck = lambda result, function, arguments: (result, arguments)
print(function(-4), function(-4))
del function.errcheck
print(function(-5), function(-5))
function.restype = None
print(function(-6), function(-6))

# Another address, and another type with it.
real = CFUNCTYPE(c_double, c_double)(("sqrt", CDLL(None)))
print(real(4), real(4))
other = CFUNCTYPE(c_double, c_double)(("floor", CDLL(None)))
memmove(byref(real), byref(other), sizeof(c_void_p))
print(real(4.5), real(4.5))
memset(byref(real), 0, sizeof(c_void_p))
try:
    real(1)
except ValueError as error:
    print(error)

# Even while it is called.
def change(left, right):
    compare.restype = compare.argtypes = None
    sort.restype = c_int
    return left[0] - right[0]


compare = CFUNCTYPE(c_int, POINTER(c_int), POINTER(c_int))(change)
sort = CDLL(None).qsort
sort.restype = None
numbers = (c_int * 3)(3, 2, 1)
for _ in range(3):
    sort(numbers, 3, 4, compare)
    print(numbers[:])
print(compare(pointer(c_int(4)), pointer(c_int(1))))
