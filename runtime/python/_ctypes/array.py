"""Arrays."""

import _eryx_foreign as foreign

from .data import (
    CType_Type,
    Info,
    _CData,
    _MAX_SIZE,
    address_of,
    check_is_new,
    get_value,
    info_of,
    new,
    set_info,
    set_value,
    size_of,
    storage_of,
)

_WIDE = 4

# (type of items, length) -> the array type that `*` made.
_repeated = {}


def repeated(item, length):
    """The type of an array of so many items."""
    if not hasattr(length, "__index__"):
        raise TypeError(f"can't multiply sequence by non-int of type '{type(length).__name__}'")
    length = length.__index__()
    if length > _MAX_SIZE:
        raise OverflowError("cannot fit 'int' into an index-sized integer")
    if length < 0:
        raise ValueError(f"Array length must be >= 0, not {length}")
    key = (item, length)
    found = _repeated.get(key)
    if found is None:
        storage_of(item)
        namespace = {"_length_": length, "_type_": item}
        found = PyCArrayType(f"{item.__name__}_Array_{length}", (Array,), namespace)
        _repeated[key] = found
    return found


def _code_of(cls):
    """The letter of the items, when they are characters."""
    code = info_of(storage_of(cls).proto).code
    return code if code in ("c", "u") else None


def _get_raw(self):
    return foreign.read(address_of(self), size_of(self))


def _set_raw(self, value):
    view = memoryview(value)
    if view.nbytes > size_of(self):
        raise ValueError("byte string too long")
    foreign.write(address_of(self), view)


def _get_text(self):
    return _get_raw(self).split(b"\0", 1)[0]


def _set_text(self, value):
    if not isinstance(value, bytes):
        raise TypeError(f"bytes expected instead of {type(value).__name__} instance")
    if len(value) > size_of(self):
        raise ValueError("byte string too long")
    foreign.write(address_of(self), value + b"\0" if len(value) < size_of(self) else value)


def _get_wide(self):
    text = foreign.read_wide(address_of(self), size_of(self) // _WIDE)
    return text.split("\0", 1)[0]


def _set_wide(self, value):
    if not isinstance(value, str):
        raise TypeError(f"unicode string expected instead of {type(value).__name__} instance")
    length = size_of(self) // _WIDE
    if len(value) > length:
        raise ValueError("string too long")
    foreign.write_wide(address_of(self), value, min(len(value) + 1, length))


def _deleted(self):
    raise TypeError("can't delete attribute")


class PyCArrayType(CType_Type):
    """The metaclass of arrays."""

    def __init__(cls, name, bases, namespace, **keywords):
        super().__init__(name, bases, namespace)
        check_is_new(cls)
        if bases == (_CData,):
            return
        length = getattr(cls, "_length_", None)
        if length is None:
            raise AttributeError("class must define a '_length_' attribute")
        if not isinstance(length, int):
            raise TypeError("The '_length_' attribute must be an integer")
        if length < 0:
            raise ValueError("The '_length_' attribute must not be negative")
        if length > _MAX_SIZE:
            raise OverflowError("The '_length_' attribute is too large")
        item = getattr(cls, "_type_", None)
        if item is None:
            raise AttributeError("class must define a '_type_' attribute")
        item_info = info_of(item) if isinstance(item, type) else None
        if item_info is None:
            raise TypeError("_type_ must have storage info")
        if item_info.size * length > _MAX_SIZE:
            raise OverflowError("array too large")
        item_info.is_final = True
        info = Info(item_info.size * length, item_info.align, length)
        info.proto = item
        info.format = item_info.format
        info.shape = (length, *item_info.shape)
        info.has_pointer = item_info.is_pointer or item_info.has_pointer
        info.letters = "i"
        set_info(cls, info)
        if item_info.code == "c":
            type.__setattr__(cls, "value", property(_get_text, _set_text, _deleted, "The text up to the first zero."))
            type.__setattr__(cls, "raw", property(_get_raw, _set_raw, None, "All bytes."))
        elif item_info.code == "u":
            type.__setattr__(cls, "value", property(_get_wide, _set_wide, _deleted, "The text up to the first zero."))


PyCArrayType.__module__ = "_ctypes"


class Array(_CData, metaclass=PyCArrayType):
    """What all arrays are. Multiplying a type makes one; so does a class with `_length_` and `_type_`."""

    __slots__ = ()

    def __new__(cls, *arguments, **keywords):
        return new(cls)

    def __init__(self, *items):
        for index, item in enumerate(items):
            _set_item(self, index, item)

    def __len__(self):
        return storage_of(type(self)).length

    def __getitem__(self, index):
        if isinstance(index, slice):
            indices = range(*index.indices(len(self)))
            code = _code_of(type(self))
            if code == "c":
                raw = _get_raw(self)
                return bytes([raw[place] for place in indices]) if indices.step != 1 else (
                    raw[indices.start : max(indices.start, indices.stop)]
                )
            if code == "u":
                wide = foreign.read_wide(address_of(self), size_of(self) // _WIDE)
                return "".join([wide[place] for place in indices])
            return [_get_item(self, place) for place in indices]
        return _get_item(self, _index_in(self, index, "indices must be integers"))

    def __setitem__(self, index, value):
        if isinstance(index, slice):
            indices = range(*index.indices(len(self)))
            if len(value) != len(indices):
                raise ValueError("Can only assign sequence of same size")
            for place, item in zip(indices, value):
                _set_item(self, place, item)
            return
        _set_item(self, _index_in(self, index, "indices must be integer"), value)

    def __delitem__(self, index):
        raise TypeError("Array does not support item deletion")

    __class_getitem__ = classmethod(type(list[int]))


Array.__module__ = "_ctypes"


def _index_in(self, index, message):
    if not hasattr(index, "__index__"):
        raise TypeError(message)
    index = index.__index__()
    return index + len(self) if index < 0 else index


def _place_of(self, index):
    """The type of an item, its size, and where it lies."""
    info = storage_of(type(self))
    if not 0 <= index < info.length:
        raise IndexError("invalid index")
    size = info_of(info.proto).size
    return info.proto, size, address_of(self) + index * size


def _get_item(self, index):
    proto, size, address = _place_of(self, index)
    return get_value(proto, None, self, index, size, address)


def _set_item(self, index, value):
    proto, size, address = _place_of(self, index)
    set_value(self, proto, None, value, index, size, address)
