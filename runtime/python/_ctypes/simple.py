"""Numbers, characters, texts, addresses and objects of Python: the types that `_type_` has a letter for."""

import _eryx_foreign as foreign

from .arguments import CArgObject, argument, argument_of_memory
from .data import (
    CType_Type,
    Info,
    _CData,
    address_of,
    check_is_new,
    info_of,
    keep_reference,
    new,
    set_info,
    size_of,
    storage_of,
)
from .values import COMPLEX, SIZES, SWAPPABLE, accessors, wide_buffer

CODES = "cbBhHiIlLdDFGfuzZqQPOv?g"


def _letters(code):
    """The types of parameters of WebAssembly that a value is passed as."""
    if code in COMPLEX:
        return None
    return {"q": "l", "Q": "l", "f": "f", "d": "d", "g": "ll"}.get(code, "i")


def _info(code, is_swapped):
    info = Info()
    info.code = code
    info.is_swapped = is_swapped
    if code in COMPLEX:
        info.align = SIZES.get(COMPLEX[code], 4)
        info.size = 2 * info.align
    else:
        info.size = info.align = SIZES.get(code, 4)
    info.getter, info.setter = accessors(code, is_swapped)
    info.format = (">" if is_swapped else "<") + code
    info.is_pointer = code in "zZPO"
    info.letters = _letters(code)
    return info


def _check_code(code):
    if not isinstance(code, str):
        raise TypeError("class must define a '_type_' string attribute")
    if len(code) != 1 or code not in CODES:
        raise AttributeError(
            "class must define a '_type_' attribute which must be\n"
            f"a single character string containing one of '{CODES}'."
        )
    return code


class PyCSimpleType(CType_Type):
    """The metaclass of simple types."""

    def __init__(cls, name, bases, namespace, **keywords):
        super().__init__(name, bases, namespace)
        check_is_new(cls)
        if bases == (_CData,):
            return
        code = getattr(cls, "_type_", None)
        if code is None:
            raise AttributeError("class must define a '_type_' attribute")
        code = _check_code(code)
        inherited = info_of(cls.__base__)
        is_swapped = inherited is not None and inherited.is_swapped
        _set_info(cls, code, is_swapped)
        if cls.__base__ is _SimpleCData and code in FROM_PARAM and "from_param" not in namespace:
            type.__setattr__(cls, "from_param", classmethod(FROM_PARAM[code]))
        if type(cls) is PyCSimpleType and code in SWAPPABLE:
            swapped = _swapped_type(f"{name}_be", bases, dict(namespace), code)
            type.__setattr__(cls, "__ctype_le__", cls)
            type.__setattr__(cls, "__ctype_be__", swapped)
            type.__setattr__(swapped, "__ctype_le__", cls)
            type.__setattr__(swapped, "__ctype_be__", swapped)

    def from_param(cls, value, /):
        """What a value is as an argument of this type."""
        if isinstance(value, cls):
            return value
        info = storage_of(cls)
        try:
            return _argument(cls, info.code, value)
        except Exception:
            if not hasattr(value, "_as_parameter_"):
                raise
        return cls.from_param(value._as_parameter_)


def _set_info(cls, code, is_swapped):
    info = _info(code, is_swapped)
    info.stays_object = cls.__base__ is not _SimpleCData
    set_info(cls, info)


def _swapped_type(name, bases, namespace, code):
    namespace.pop("__classcell__", None)
    swapped = type.__new__(PyCSimpleType, name, bases, namespace)
    _set_info(swapped, code, True)
    return swapped


def _argument(cls, code, value):
    """A parameter of the value that Python's object has as this type."""
    temporary = new(cls)
    kept = storage_of(cls).setter(address_of(temporary), value, size_of(temporary))
    return argument_of_memory(code, temporary, kept)


PyCSimpleType.__module__ = "_ctypes"


class _SimpleCData(_CData, metaclass=PyCSimpleType):
    """A value of a simple type."""

    __slots__ = ()

    def __new__(cls, *arguments, **keywords):
        return new(cls)

    def __init__(self, *arguments):
        if len(arguments) > 1:
            raise TypeError(f"__init__ expected at most 1 argument, got {len(arguments)}")
        if arguments:
            _set(self, arguments[0])

    @property
    def value(self):
        """The value as an object of Python."""
        return storage_of(type(self)).getter(address_of(self), size_of(self))

    @value.setter
    def value(self, value):
        _set(self, value)

    @value.deleter
    def value(self):
        raise TypeError("can't delete attribute")

    def __bool__(self):
        return any(foreign.read(address_of(self), size_of(self)))

    def __repr__(self):
        cls = type(self)
        if cls.__base__ is not _SimpleCData:
            return f"<{cls.__name__} object at {id(self):#x}>"
        return f"{cls.__name__}({_value(self)!r})"

    def __ctypes_from_outparam__(self):
        return self if storage_of(type(self)).stays_object else _value(self)


_SimpleCData.__module__ = "_ctypes"
_value = _SimpleCData.value.fget


def _set(self, value):
    info = storage_of(type(self))
    keep_reference(self, 0, info.setter(address_of(self), value, info.size))


def _is_item(value, code):
    """Whether a value is an array of a letter's type, or points to one."""
    from .array import Array
    from .pointer import _Pointer

    if not isinstance(value, (Array, _Pointer)):
        return False
    item = info_of(storage_of(type(value)).proto)
    return item is not None and item.code == code


def _text_from_param(cls, value, convertible, code, item):
    if value is None:
        return None
    if isinstance(value, convertible):
        return _argument(cls, code, value)
    if isinstance(value, cls) or _is_item(value, item):
        return value
    if isinstance(value, CArgObject):
        kept = value._obj
        if isinstance(kept, _CData) and info_of(type(kept)).code == item:
            return value
    if hasattr(value, "_as_parameter_"):
        return cls.from_param(value._as_parameter_)
    raise _not_interpreted(value, "c_char_p" if code == "z" else "c_wchar_p")


def _not_interpreted(value, name):
    return TypeError(f"'{type(value).__name__}' object cannot be interpreted as ctypes.{name}")


def _char_p_from_param(cls, value, /):
    return _text_from_param(cls, value, bytes, "z", "c")


def _wide_char_p_from_param(cls, value, /):
    return _text_from_param(cls, value, str, "Z", "u")


def _void_p_from_param(cls, value, /):
    from .array import Array
    from .function import CFuncPtr
    from .pointer import _Pointer

    if value is None:
        return None
    if isinstance(value, int):
        return _argument(cls, "P", value)
    if isinstance(value, bytes):
        return argument("z", foreign.buffer_address(value)[0], value)
    if isinstance(value, str):
        kept = memoryview(wide_buffer(value))
        return argument("Z", foreign.buffer_address(kept)[0], kept)
    if isinstance(value, (cls, Array, _Pointer)):
        return value
    if isinstance(value, CArgObject) and value.tag == "P":
        return value
    if isinstance(value, CFuncPtr):
        return argument("P", foreign.load("P", address_of(value), False), value)
    if isinstance(value, _SimpleCData) and info_of(type(value)).code in "zZ":
        return argument("Z", foreign.load("P", address_of(value), False), value)
    if hasattr(value, "_as_parameter_"):
        return cls.from_param(value._as_parameter_)
    raise _not_interpreted(value, "c_void_p")


# The conversions of arguments that three of the types have instead of the general one.
FROM_PARAM = {"z": _char_p_from_param, "Z": _wide_char_p_from_param, "P": _void_p_from_param}
