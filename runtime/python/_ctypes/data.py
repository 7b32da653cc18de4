"""What all types of C have: size and layout, instances somewhere in memory, and what keeps it alive."""

import struct
import sys

import _eryx_foreign as foreign

# The largest size of anything.
_MAX_SIZE = sys.maxsize


class Info:
    """What is known of a type: CPython's `StgInfo`."""

    __slots__ = (
        "size",
        "align",
        # Items of an array, fields of a structure, 1 for a pointer.
        "length",
        # The type of items, or what a pointer points to.
        "proto",
        # The letter of a simple type.
        "code",
        "is_swapped",
        # Whether values of a simple type stay objects: it is a subclass of one such as `c_int`.
        "stays_object",
        # Functions of an address and a size, and of an address, a value and a size.
        "getter",
        "setter",
        # How a buffer describes an item (PEP 3118), and the dimensions.
        "format",
        "shape",
        "is_final",
        "is_pointer",
        "has_pointer",
        "pointer_type",
        # Of functions.
        "flags",
        "argtypes",
        "converters",
        "restype",
        "checker",
        # Letters of the parameters that it is passed as, or none when it is passed by reference.
        "letters",
        # What an instance is as an argument, and what its items are, for the calls that are made in C.
        "kind",
    )

    def __init__(self, size=0, align=1, length=0):
        self.size = size
        self.align = align
        self.length = length
        self.proto = self.code = self.getter = self.setter = self.format = None
        self.shape = ()
        self.stays_object = False
        self.is_swapped = self.is_final = self.is_pointer = self.has_pointer = False
        self.pointer_type = None
        self.flags = 0
        self.argtypes = self.converters = self.restype = self.checker = None
        self.letters = None
        self.kind = "--"

    def copy(self):
        other = Info()
        for name in self.__slots__:
            setattr(other, name, getattr(self, name))
        other.is_final = False
        other.pointer_type = None
        return other


class CType_Type(type):
    """The metaclass of all types of C."""

    @property
    def __pointer_type__(cls):
        info = info_of(cls)
        if info is None or info.pointer_type is None:
            raise AttributeError(f"type {cls!r} has no attribute '__pointer_type__'")
        return info.pointer_type

    @__pointer_type__.setter
    def __pointer_type__(cls, pointer_type):
        storage_of(cls).pointer_type = pointer_type

    @__pointer_type__.deleter
    def __pointer_type__(cls):
        storage_of(cls).pointer_type = None

    def __mul__(cls, length):
        from .array import repeated

        return repeated(cls, length)

    __rmul__ = __mul__

    def from_address(cls, address, /):
        """An instance that lies at an address."""
        if not isinstance(address, int):
            raise TypeError("integer expected")
        sys.audit("ctypes.cdata", address)
        return at_address(cls, address)

    def from_buffer(cls, source, offset=0, /):
        """An instance in the memory of another object, behind so many bytes."""
        info = storage_of(cls)
        view = memoryview(source)
        if view.readonly:
            raise TypeError("underlying buffer is not writable")
        if not view.c_contiguous:
            raise TypeError("underlying buffer is not C contiguous")
        if offset < 0:
            raise ValueError("offset cannot be negative")
        if info.size > view.nbytes - offset:
            raise ValueError(
                f"Buffer size too small ({view.nbytes} instead of at least {info.size + offset} bytes)"
            )
        address, _ = foreign.buffer_address(view)
        sys.audit("ctypes.cdata/buffer", address, view.nbytes, offset)
        result = at_address(cls, address + offset)
        keep_reference(result, -1, view)
        return result

    def from_buffer_copy(cls, source, offset=0, /):
        """An instance with a copy of what another object holds, behind so many bytes."""
        info = storage_of(cls)
        view = memoryview(source).cast("B")
        if offset < 0:
            raise ValueError("offset cannot be negative")
        if info.size > view.nbytes - offset:
            raise ValueError(
                f"Buffer size too small ({view.nbytes} instead of at least {info.size + offset} bytes)"
            )
        address, _ = foreign.buffer_address(view)
        sys.audit("ctypes.cdata/buffer", address, view.nbytes, offset)
        result = cls.__new__(cls)
        foreign.copy(address_of(result), address + offset, info.size)
        return result

    def in_dll(cls, library, name, /):
        """The instance that a library exports by a name."""
        from .libraries import address_in

        sys.audit("ctypes.dlsym", library, name)
        handle = library._handle
        if not isinstance(handle, int):
            raise TypeError("the _handle attribute of the second argument must be an integer")
        address = address_in(handle, name)
        if address is None:
            raise ValueError(f"undefined symbol: {name}")
        return at_address(cls, address)

    def from_param(cls, value, /):
        """What a value is as an argument of this type."""
        from .arguments import CArgObject

        if isinstance(value, cls):
            return value
        if isinstance(value, CArgObject):
            # `byref` of what a pointer of this type points to.
            proto = storage_of(cls).proto
            if proto is not None and isinstance(value._obj, proto):
                return value
        if hasattr(value, "_as_parameter_"):
            return cls.from_param(value._as_parameter_)
        raise TypeError(
            f"expected {cls.__name__} instance instead of {type(value).__name__}"
        )


CType_Type.__module__ = "_ctypes"

_CData = foreign.memory_type(CType_Type)

# The members themselves: a structure can have fields of the same names.
address_of = _CData.__dict__["_eryx_address"].__get__
size_of = _CData.__dict__["_eryx_size"].__get__
index_of = _CData.__dict__["_eryx_index"].__get__
base_of = _CData.__dict__["_b_base_"].__get__
objects_of = _CData.__dict__["_objects"].__get__


def info_of(cls):
    """What is known of a type; None when it is none of C, or has no instances."""
    try:
        return type.__getattribute__(cls, "__dict__").get("_eryx_info_")
    except TypeError:
        return None


def storage_of(cls):
    info = info_of(cls)
    if info is None:
        raise TypeError("abstract class")
    return info


def check_is_new(cls):
    """A type is made once."""
    if info_of(cls) is not None:
        raise SystemError(f"class {cls.__name__} already initialized")


def set_info(cls, info):
    """Remembers what is known of a type, and how a buffer of it looks."""
    info.kind = _kind(info)
    type.__setattr__(cls, "_eryx_info_", info)
    refresh_view(cls, info)


def _kind(info):
    item = info_of(info.proto) if info.proto is not None else None
    item_code = "-" if item is None or item.code is None else item.code
    if info.code is not None:
        is_plain = not info.is_swapped and info.letters is not None and len(info.letters) == 1
        return f"{info.code if is_plain else '-'}-"
    if info.is_pointer:
        return f"p{item_code}"
    return f"A{item_code}" if info.shape else "--"


def refresh_view(cls, info):
    shape = struct.pack(f"{len(info.shape)}n", *info.shape)
    item = item_size(info)
    type.__setattr__(cls, "_eryx_view_", ((info.format or "B").encode(), shape, item))


def item_size(info):
    """The size of the innermost items."""
    while info.shape and info.proto is not None:
        info = info_of(info.proto)
    return info.size


def new(cls):
    """A new instance with memory of its own, all zeros."""
    info = storage_of(cls)
    info.is_final = True
    return foreign.make(cls, info.size, info.kind)


def at_address(cls, address):
    return _place(cls, address & 0xFFFFFFFF, None, 0)


def part_of(cls, base, index, address):
    """An instance that is part of another one; a copy when it is part of none."""
    if base is not None:
        return _place(cls, address, base, index)
    self = new(cls)
    foreign.copy(address_of(self), address, size_of(self))
    return self


def _place(cls, address, base, index):
    info = storage_of(cls)
    info.is_final = True
    return foreign.make_part(cls, info.size, info.kind, address, base, index)


def _container(part):
    while (base := base_of(part)) is not None:
        part = base
    if objects_of(part) is None and storage_of(type(part)).length:
        foreign.keep(part, {})
    return part


def kept_objects(part):
    return objects_of(_container(part))


def keep_reference(target, index, kept):
    """Keeps an object alive as long as what `target` is part of, in the place of what was there before."""
    if kept is None:
        return
    container = _container(target)
    objects = objects_of(container)
    if type(objects) is not dict:
        foreign.keep(container, kept)
        return
    key = [f"{index & 0xFFFFFFFF:x}"]
    while (base := base_of(target)) is not None:
        key.append(f"{index_of(target):x}")
        target = base
    objects[":".join(key)] = kept


def get_value(cls, getter, base, index, size, address):
    """The value of an item or field."""
    if getter is not None:
        return getter(address, size)
    info = storage_of(cls)
    if info.getter is not None and not info.stays_object:
        return info.getter(address, size)
    return part_of(cls, base, index, address)


def set_value(target, cls, setter, value, index, size, address):
    """Sets an item or field, and keeps alive what that needs."""
    keep_reference(target, index, _stored(cls, setter, value, size, address))


def _stored(cls, setter, value, size, address):
    if setter is not None:
        return setter(address, value, size)
    if not isinstance(value, _CData):
        info = storage_of(cls)
        if info.setter is not None:
            return info.setter(address, value, size)
        from .pointer import PyCPointerType

        if isinstance(value, tuple):
            try:
                made = cls(*value)
            except Exception as error:
                name = type(error).__name__
                raise RuntimeError(f"({cls.__name__}) {name}: {error}") from None
            return _stored(cls, None, made, size, address)
        if value is None and isinstance(cls, PyCPointerType):
            foreign.store("P", address, False, 0)
            return None
        raise TypeError(f"expected {cls.__name__} instance, got {type(value).__name__}")
    if isinstance(value, cls):
        foreign.copy(address, address_of(value), size)
        return kept_objects(value)
    from .array import PyCArrayType
    from .pointer import PyCPointerType

    if isinstance(cls, PyCPointerType) and isinstance(type(value), PyCArrayType):
        if info_of(type(value)).proto is info_of(cls).proto:
            foreign.store("P", address, False, address_of(value))
            return (kept_objects(value), value)
    raise TypeError(
        f"incompatible types, {type(value).__name__} instance instead of {cls.__name__} instance"
    )


def _unpickle(cls, state, /):
    thing = cls.__new__(cls)
    thing.__setstate__(*state)
    return thing


def _reduce(self):
    info = storage_of(type(self))
    if info.is_pointer or info.has_pointer:
        raise ValueError("ctypes objects containing pointers cannot be pickled")
    state = getattr(self, "__dict__", {}), foreign.read(address_of(self), size_of(self))
    return _unpickle, (type(self), state)


def _setstate(self, attributes, contents, /):
    if not isinstance(attributes, dict):
        raise TypeError("the attributes must be a dict")
    if not isinstance(contents, bytes):
        raise TypeError("the contents must be bytes")
    own = getattr(self, "__dict__", {} if not attributes else None)
    if not isinstance(own, dict):
        name = type(own).__name__
        raise TypeError(f"{type(self).__name__}.__dict__ must be a dictionary, not {name}")
    foreign.write(address_of(self), contents[: size_of(self)])
    own.update(attributes)


_CData.__reduce__ = _reduce
_CData.__setstate__ = _setstate
_CData.__hash__ = None
_CData.__ctypes_from_outparam__ = lambda self: self
