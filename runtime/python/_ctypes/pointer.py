"""Pointers."""

from .address import address_info, is_set, load_address, store_address
from .arguments import byref
from .data import (
    CType_Type,
    _CData,
    address_of,
    check_is_new,
    get_value,
    info_of,
    keep_reference,
    kept_objects,
    new,
    part_of,
    set_info,
    set_value,
    storage_of,
)


def _format_of(info):
    """How a buffer describes a pointer to a type."""
    shape = f"({','.join(map(str, info.shape))})" if info.shape else ""
    return f"&{shape}{info.format}"


class PyCPointerType(CType_Type):
    """The metaclass of pointers."""

    def __init__(cls, name, bases, namespace, **keywords):
        super().__init__(name, bases, namespace)
        check_is_new(cls)
        if bases == (_CData,):
            return
        info = address_info("&B")
        set_info(cls, info)
        proto = namespace.get("_type_")
        if proto is not None:
            _point(cls, info, proto)

    def set_type(cls, proto, /):
        info = storage_of(cls)
        _point(cls, info, proto)
        type.__setattr__(cls, "_type_", proto)

    def from_param(cls, value, /):
        """What a value is as an argument of this type."""
        from .array import Array

        if value is None:
            return None
        proto = storage_of(cls).proto
        if proto is None:
            raise TypeError("_type_ must have storage info")
        if isinstance(value, proto):
            return byref(value)
        if isinstance(value, (_Pointer, Array)):
            item = storage_of(type(value)).proto
            if item is not None and issubclass(item, proto):
                return value
        return super().from_param(value)


def _point(cls, info, proto):
    if not isinstance(proto, type):
        raise TypeError("_type_ must be a type")
    item = info_of(proto)
    if item is None:
        raise TypeError("_type_ must have storage info")
    info.proto = proto
    info.format = _format_of(item)
    if item.pointer_type is None:
        item.pointer_type = cls
    set_info(cls, info)


PyCPointerType.__module__ = "_ctypes"


class _Pointer(_CData, metaclass=PyCPointerType):
    """What all pointers are."""

    __slots__ = ()

    def __new__(cls, *arguments, **keywords):
        if storage_of(cls).proto is None:
            raise TypeError("Cannot create instance: has no _type_")
        return new(cls)

    def __init__(self, *arguments):
        if len(arguments) > 1:
            raise TypeError(f"function takes at most 1 argument ({len(arguments)} given)")
        if arguments:
            _set_contents(self, arguments[0])

    @property
    def contents(self):
        """What it points to; assigning lets it point to something else."""
        return part_of(storage_of(type(self)).proto, self, 0, _target(self))

    @contents.setter
    def contents(self, value):
        _set_contents(self, value)

    @contents.deleter
    def contents(self):
        raise TypeError("Pointer does not support item deletion")

    __bool__ = is_set

    def __getitem__(self, index):
        if isinstance(index, slice):
            return _get_slice(self, index)
        return _get_item(self, _as_index(index))

    def __setitem__(self, index, value):
        index = _as_index(index)
        proto, size, address = _place_of(self, index)
        set_value(self, proto, None, value, index, size, address)

    def __delitem__(self, index):
        raise TypeError("Pointer does not support item deletion")

    __class_getitem__ = classmethod(type(list[int]))


_Pointer.__module__ = "_ctypes"


def _as_index(index):
    if not hasattr(index, "__index__"):
        raise TypeError("Pointer indices must be integer")
    return index.__index__()


def _target(self):
    target = load_address(self)
    if not target:
        raise ValueError("NULL pointer access")
    return target


def _set_contents(self, value):
    proto = storage_of(type(self)).proto
    if not isinstance(value, proto):
        raise TypeError(f"expected {proto.__name__} instead of {type(value).__name__}")
    store_address(self, address_of(value))
    keep_reference(self, 1, value)
    keep_reference(self, 0, kept_objects(value))


def _place_of(self, index):
    """The type of an item, its size, and where it lies."""
    proto = storage_of(type(self)).proto
    size = info_of(proto).size
    return proto, size, _target(self) + index * size


def _get_item(self, index):
    proto, size, address = _place_of(self, index)
    return get_value(proto, None, self, index, size, address)


def _get_slice(self, index):
    step = 1 if index.step is None else index.step.__index__()
    if step == 0:
        raise ValueError("slice step cannot be zero")
    if index.start is None:
        if step < 0:
            raise ValueError("slice start is required for step < 0")
        start = 0
    else:
        start = index.start.__index__()
    if index.stop is None:
        raise ValueError("slice stop is required")
    places = range(start, index.stop.__index__(), step)
    code = info_of(storage_of(type(self)).proto).code
    items = [_get_item(self, place) for place in places]
    if code == "c":
        return b"".join(items)
    if code == "u":
        return "".join(items)
    return items
