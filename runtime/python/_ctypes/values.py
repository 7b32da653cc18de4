"""Values of simple types in memory: read and written by the letter of their type."""

import _eryx_foreign as foreign

# What is set by a letter: its size, which is its alignment but for complex numbers.
SIZES = {"c": 1, "b": 1, "B": 1, "?": 1, "h": 2, "H": 2, "v": 2, "q": 8, "Q": 8, "d": 8, "g": 16}
COMPLEX = {"F": "f", "D": "d", "G": "g"}
SWAPPABLE = "hHiIlLqQfdFD"
_INTEGERS = "bBhHiIlLqQ"


def _integer(code, is_swapped):
    def set_integer(address, value, size):
        if not isinstance(value, int):
            if not hasattr(value, "__index__"):
                raise TypeError(f"int expected instead of {type(value).__name__} instance")
            value = value.__index__()
        foreign.store(code, address, is_swapped, value)

    return (lambda address, size: foreign.load(code, address, is_swapped)), set_integer


def _number(code, is_swapped):
    def set_number(address, value, size):
        foreign.store(code, address, is_swapped, value)

    return (lambda address, size: foreign.load(code, address, is_swapped)), set_number


def _complex(code, is_swapped):
    part = COMPLEX[code]
    step = SIZES.get(part, 4)

    def get_complex(address, size):
        real = foreign.load(part, address, is_swapped)
        return complex(real, foreign.load(part, address + step, is_swapped))

    def set_complex(address, value, size):
        value = complex(value)
        foreign.store(part, address, is_swapped, value.real)
        foreign.store(part, address + step, is_swapped, value.imag)

    return get_complex, set_complex


def _variant_bool(code, is_swapped):
    def set_variant(address, value, size):
        foreign.store("h", address, False, -1 if value else 0)

    return (lambda address, size: foreign.load("h", address, False) != 0), set_variant


def _get_char(address, size):
    return foreign.read(address, 1)


def _set_char(address, value, size):
    if isinstance(value, (bytes, bytearray)):
        if len(value) != 1:
            raise TypeError(
                "one character bytes, bytearray, or an integer in range(256) expected, "
                f"not {type(value).__name__} of length {len(value)}"
            )
        foreign.write(address, value)
        return
    if isinstance(value, int):
        if not 0 <= value < 256:
            raise TypeError("integer not in range(256)")
        foreign.store("B", address, False, value)
        return
    raise TypeError(
        "one character bytes, bytearray, or an integer in range(256) expected, "
        f"not {type(value).__name__}"
    )


def _get_wide_char(address, size):
    return foreign.read_wide(address, 1)


def _set_wide_char(address, value, size):
    if not isinstance(value, str):
        raise TypeError(
            f"a unicode character expected, not instance of {type(value).__name__}"
        )
    if len(value) != 1:
        raise TypeError(f"a unicode character expected, not a string of length {len(value)}")
    foreign.write_wide(address, value, 1)


def _get_text(address, size):
    text = foreign.load("P", address, False)
    return foreign.read(text, -1) if text else None


def _stores_address(address, value):
    """Whether the value is an address, or None for no address: then it is stored."""
    if value is not None and not isinstance(value, int):
        return False
    foreign.store("P", address, False, value or 0)
    return True


def _set_text(address, value, size):
    if _stores_address(address, value):
        return None
    if isinstance(value, bytes):
        foreign.store("P", address, False, foreign.buffer_address(value)[0])
        return value
    raise TypeError(
        f"bytes or integer address expected instead of {type(value).__name__} instance"
    )


def wide_buffer(text):
    """The characters of a text as `wchar_t`, with a zero behind them; whoever uses its address keeps it."""
    return bytearray((text + "\0").encode("utf-32-le", "surrogatepass"))


def _get_wide_text(address, size):
    text = foreign.load("P", address, False)
    return foreign.read_wide(text, -1) if text else None


def _set_wide_text(address, value, size):
    if _stores_address(address, value):
        return None
    if isinstance(value, str):
        # A view holds the buffer where it is.
        kept = memoryview(wide_buffer(value))
        foreign.store("P", address, False, foreign.buffer_address(kept)[0])
        return kept
    raise TypeError(
        f"unicode string or integer address expected instead of {type(value).__name__} instance"
    )


def _get_pointer(address, size):
    return foreign.load("P", address, False) or None


def _set_pointer(address, value, size):
    if value is None:
        value = 0
    elif not isinstance(value, int):
        raise TypeError("cannot be converted to pointer")
    foreign.store("P", address, False, value)


def _get_object(address, size):
    return foreign.object_at(foreign.load("P", address, False))


def set_object(address, value, size):
    foreign.store("P", address, False, id(value))
    return value


_OTHERS = {
    "c": (_get_char, _set_char),
    "u": (_get_wide_char, _set_wide_char),
    "z": (_get_text, _set_text),
    "Z": (_get_wide_text, _set_wide_text),
    "P": (_get_pointer, _set_pointer),
    "O": (_get_object, set_object),
}


def accessors(code, is_swapped=False):
    """The functions that read and write a value of a letter."""
    if code in _OTHERS:
        return _OTHERS[code]
    if code in _INTEGERS:
        return _integer(code, is_swapped)
    if code in COMPLEX:
        return _complex(code, is_swapped)
    if code == "v":
        return _variant_bool(code, is_swapped)
    return _number(code, is_swapped)
