"""Functions of Python that C calls. There are so many for each of the commonest signatures, which were
prepared when the image was linked."""

import gc
import warnings

import _eryx_foreign as foreign

from . import call, intrinsics
from .data import address_of, info_of, new
from .values import set_object

# Addresses of functions that only Python can call, one after the other.
_next_address = intrinsics.FIRST + 0x100


def _letters(cls):
    """The letters of a parameter or result; none when it is passed by reference."""
    info = info_of(cls)
    return None if info is None else info.letters


class Callback:
    """A function of Python with an address. It gives the address back when it goes."""

    __slots__ = ("function", "argtypes", "restype", "flags", "address", "__weakref__")

    def __init__(self, function, info):
        self.function, self.argtypes, self.flags = function, info.argtypes, info.flags
        self.restype = info.restype
        self.address = 0
        result = info_of(self.restype) if isinstance(self.restype, type) else None
        if self.restype is not None and (result is None or result.setter is None):
            raise TypeError("invalid result type for callback function")
        self.address = self._claim()

    def _claim(self):
        letters = [_letters(argtype) or "i" for argtype in self.argtypes]
        result = "" if self.restype is None else _letters(self.restype)
        number = None
        if result is not None and len(result) < 2:
            number = call.callback_number("".join(letters) + ":" + result)
        if number is not None:
            address = foreign.claim(number, self)
            if not address:
                # Some may be held by nothing but themselves.
                gc.collect()
                address = foreign.claim(number, self)
            if address:
                return address
            raise MemoryError(
                "too many callbacks of one type at a time: the sandbox has prepared 16 of each"
            )
        return _only_for_python(self)

    # At the end of the interpreter, the names of the module are gone before the last callbacks are.
    def __del__(
        self,
        first=intrinsics.FIRST,
        python_functions=call.python_functions,
        release=foreign.release,
    ):
        if self.address >= first:
            python_functions.pop(self.address, None)
        elif self.address:
            release(self.address)

    def __call__(self, arguments, result):
        """Called with where the arguments lie, eight bytes each, and where the result goes."""
        if self.flags & call.USE_ERRNO:
            foreign.swap_errno()
        try:
            value = self.function(*self._arguments(arguments))
        except BaseException as error:
            foreign.report(error, "while calling", self.function)
            return
        finally:
            if self.flags & call.USE_ERRNO:
                foreign.swap_errno()
        if self.restype is not None:
            self._store(value, result)

    def _arguments(self, place):
        values = []
        for argtype in self.argtypes:
            info = info_of(argtype)
            if info is None:
                raise SystemError("cannot build parameter")
            if info.getter is not None and info.letters is not None and not info.stays_object:
                values.append(info.getter(place, info.size))
            else:
                thing = new(argtype)
                source = place if info.letters is not None else foreign.load("P", place, False)
                if info.letters is not None or info.size:
                    foreign.copy(address_of(thing), source, info.size)
                values.append(thing)
            place += 8 * len(info.letters or "i")
        return values

    def _store(self, value, result):
        info = info_of(self.restype)
        try:
            kept = info.setter(result, value, info.size)
            if info.code in "bBhH":
                # The whole of the result counts.
                foreign.store("q", result, False, foreign.load(info.code, result, False))
        except BaseException as error:
            foreign.report(error, "while converting result of", self.function)
            return
        if info.setter is set_object:
            # The caller gets a reference of its own.
            foreign.increment(value)
        elif kept is not None:
            try:
                warnings.warn("memory leak in callback function.", RuntimeWarning, stacklevel=2)
            except Warning as error:
                foreign.report(error, "while converting result of", self.function)


def _only_for_python(callback):
    """An address by which Python calls a function that C can't."""
    import weakref

    global _next_address
    address = _next_address
    _next_address += 1
    reference = weakref.ref(callback)
    call.python_functions[address] = lambda *places: reference()(*places)
    return address

