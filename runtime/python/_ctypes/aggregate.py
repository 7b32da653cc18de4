"""Structures, unions, and their fields. Where a field lies is computed by the standard library's own
`ctypes._layout`."""

import _eryx_foreign as foreign

from .data import (
    CType_Type,
    Info,
    _CData,
    address_of,
    check_is_new,
    get_value,
    info_of,
    new,
    set_info,
    set_value,
)

_BIT_FIELD_CODES = "bBhHiIlLqQ?"
_UNSIGNED = {1: "B", 2: "H", 4: "I", 8: "Q"}
_SIGNED_CODES = "bhilq"


def _get_chars(address, size):
    return foreign.read(address, size).split(b"\0", 1)[0]


def _set_chars(address, value, size):
    if not isinstance(value, bytes):
        raise TypeError(f"expected bytes, {type(value).__name__} found")
    value = value.split(b"\0", 1)[0]
    if len(value) > size:
        raise ValueError(f"bytes too long ({len(value)}, maximum length {size})")
    foreign.write(address, value + b"\0" if len(value) < size else value)


def _get_wide(address, size):
    return foreign.read_wide(address, size // 4).split("\0", 1)[0]


def _set_wide(address, value, size):
    if not isinstance(value, str):
        raise TypeError(f"unicode string expected instead of {type(value).__name__} instance")
    if len(value) > size // 4:
        raise ValueError(f"string too long ({len(value)}, maximum length {size // 4})")
    foreign.write_wide(address, value, min(len(value) + 1, size // 4))


class CField:
    """A field: where it lies, and what is there."""

    __slots__ = (
        "name",
        "type",
        "byte_size",
        "byte_offset",
        "bit_size",
        "bit_offset",
        "is_bitfield",
        "is_anonymous",
        "_index",
        "_getter",
        "_setter",
    )

    def __init__(
        self,
        *,
        name,
        type,
        byte_size,
        byte_offset,
        index,
        _internal_use,
        bit_size=None,
        bit_offset=None,
    ):
        if not _internal_use:
            raise TypeError("CField is not intended to be used directly")
        if not isinstance(name, str):
            raise TypeError(f"field {name!r}: name must be a string")
        info = info_of(type)
        if info is None:
            raise TypeError(f"type of field {name!r} must be a C type")
        if byte_size != info.size:
            raise ValueError(
                f"byte_size of field {name!r} ({byte_size}) does not match type size ({info.size})"
            )
        info.is_final = True
        self.name, self.type, self._index = name, type, index
        self.byte_size, self.byte_offset = byte_size, byte_offset
        self.is_anonymous = False
        self.is_bitfield = bit_size is not None
        self._getter = self._setter = None
        if self.is_bitfield:
            if info.code is None or info.code not in _BIT_FIELD_CODES:
                raise TypeError(f"bit fields not allowed for type {type.__name__}")
            if bit_size <= 0:
                raise ValueError(f"number of bits invalid for bit field {name!r}")
            if bit_offset + bit_size > byte_size * 8:
                raise ValueError(
                    f"bit field {name!r} overflows its type "
                    f"({bit_offset} + {bit_size} > {byte_size * 8})"
                )
            self.bit_size, self.bit_offset = bit_size, bit_offset
        else:
            self.bit_size, self.bit_offset = byte_size * 8, 0
            item = info_of(info.proto) if info.proto is not None and info.shape else None
            if item is not None and item.code == "c":
                self._getter, self._setter = _get_chars, _set_chars
            elif item is not None and item.code == "u":
                self._getter, self._setter = _get_wide, _set_wide

    @property
    def offset(self):
        """Where the field begins, in bytes."""
        return self.byte_offset

    @property
    def size(self):
        """Bytes of the field; of a bit field, its bits and their place in one number."""
        return (self.bit_size << 16) + self.bit_offset if self.is_bitfield else self.byte_size

    def __repr__(self):
        name = f"<ctypes.CField {self.name!r} type={self.type.__name__}, ofs={self.byte_offset}"
        if self.is_bitfield:
            return f"{name}, bit_size={self.bit_size}, bit_offset={self.bit_offset}>"
        return f"{name}, size={self.byte_size}>"

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if not isinstance(instance, _CData):
            raise TypeError("not a ctype instance")
        address = address_of(instance) + self.byte_offset
        if self.is_bitfield:
            return self._get_bits(address)
        return get_value(self.type, self._getter, instance, self._index, self.byte_size, address)

    def __set__(self, instance, value):
        if not isinstance(instance, _CData):
            raise TypeError("not a ctype instance")
        address = address_of(instance) + self.byte_offset
        if self.is_bitfield:
            self._set_bits(address, value)
            return
        set_value(
            instance, self.type, self._setter, value, self._index, self.byte_size, address
        )

    def __delete__(self, instance):
        raise TypeError("can't delete attribute")

    def _get_bits(self, address):
        info = info_of(self.type)
        whole = foreign.load(_UNSIGNED[self.byte_size], address, info.is_swapped)
        value = (whole >> self.bit_offset) & ((1 << self.bit_size) - 1)
        if info.code == "?":
            return value != 0
        if info.code in _SIGNED_CODES and value >> (self.bit_size - 1):
            value -= 1 << self.bit_size
        return value

    def _set_bits(self, address, value):
        info = info_of(self.type)
        if info.code == "?":
            value = bool(value)
        elif not isinstance(value, int):
            raise TypeError(f"int expected instead of {type(value).__name__} instance")
        code = _UNSIGNED[self.byte_size]
        mask = ((1 << self.bit_size) - 1) << self.bit_offset
        whole = foreign.load(code, address, info.is_swapped)
        whole = whole & ~mask | (value << self.bit_offset) & mask
        foreign.store(code, address, info.is_swapped, whole)

    def _within(self, outer, is_anonymous):
        """The same field of a structure that has this one's in a field without a name."""
        inner = object.__new__(CField)
        for name in CField.__slots__:
            setattr(inner, name, getattr(self, name))
        inner.byte_offset += outer.byte_offset
        inner._index += outer._index
        inner.is_anonymous = is_anonymous
        return inner


CField.__module__ = "ctypes"


def _scalar_letters(fields):
    """How a structure is passed that has one field only, which is no structure itself: as that field."""
    if len(fields) == 1 and not fields[0].is_bitfield:
        info = info_of(fields[0].type)
        # An array of one item counts as the item does.
        while info.shape == (1,) and info.proto is not None:
            info = info_of(info.proto)
        if info.shape == ():
            return info.letters
    return None


def _make_anonymous(cls, names):
    """Makes the fields of fields without a name those of the class."""
    fields = {name for name, *_ in cls._fields_}
    for name in names:
        outer = cls.__dict__.get(name)
        if name not in fields or not isinstance(outer, CField):
            raise AttributeError(f"'{name}' is specified in _anonymous_ but not in _fields_")
        outer.is_anonymous = True
        _take_fields(cls, outer)


def _take_fields(cls, outer):
    for name, *_ in outer.type._fields_:
        inner = getattr(outer.type, name)
        if isinstance(inner, CField):
            copied = inner._within(outer, inner.is_anonymous)
            if inner.is_anonymous:
                _take_fields(cls, copied)
            else:
                type.__setattr__(cls, name, copied)


def _update(cls, fields, is_structure):
    """Gives a class the fields that were set."""
    from ctypes._layout import get_layout

    base = cls.__base__ if info_of(cls.__base__) is not None else None
    base_info = info_of(base) if base is not None else None
    layout = get_layout(cls, fields, is_structure, base)
    info = info_of(cls)
    if info.is_final:
        raise AttributeError("Structure or union cannot contain itself")
    result = Info(layout.size, layout.align)
    result.pointer_type = info.pointer_type
    result.length = (base_info.length if base_info is not None else 0) + len(layout.fields)
    result.has_pointer = base_info is not None and base_info.has_pointer
    result.format = layout.format_spec
    for field in layout.fields:
        inner = info_of(field.type)
        result.has_pointer |= inner.is_pointer or inner.has_pointer
        type.__setattr__(cls, field.name, field)
    own = [*layout.fields]
    result.letters = _scalar_letters(own) if is_structure and base is None else None
    if result.letters is not None and len(result.letters) > 1:
        result.letters = None
    result.is_final = True
    set_info(cls, result)
    return result


class _AggregateType(CType_Type):
    def __init__(cls, name, bases, namespace, **keywords):
        super().__init__(name, bases, namespace)
        check_is_new(cls)
        if bases == (_CData,) or "_abstract_" in namespace:
            return
        base = info_of(cls.__base__)
        if base is None:
            info = Info()
        else:
            base.is_final = True
            info = base.copy()
        info.format = "B" if base is None else info.format
        set_info(cls, info)
        if "_fields_" in namespace:
            cls._fields_ = namespace["_fields_"]

    def __setattr__(cls, name, value):
        if name != "_fields_":
            type.__setattr__(cls, name, value)
            return
        info = info_of(cls)
        if info is None:
            raise TypeError("ctypes state is not initialized")
        if info.is_final:
            raise AttributeError("_fields_ is final")
        try:
            fields = list(value)
        except TypeError:
            raise TypeError("_fields_ must be a sequence of pairs") from None
        type.__setattr__(cls, name, value)
        anonymous = getattr(cls, "_anonymous_", None)
        if anonymous is not None and not hasattr(anonymous, "__iter__"):
            raise TypeError("_anonymous_ must be a sequence")
        _update(cls, fields, cls._is_structure)
        if "_anonymous_" in cls.__dict__:
            _make_anonymous(cls, list(anonymous))

    def __delattr__(cls, name):
        if name == "_fields_":
            raise AttributeError("_fields_ can't be deleted")
        type.__delattr__(cls, name)


class PyCStructType(_AggregateType):
    """The metaclass of structures."""

    _is_structure = True


class UnionType(_AggregateType):
    """The metaclass of unions."""

    _is_structure = False


def _set_by_position(self, cls, arguments, index):
    """Sets fields by position, those of the bases first. Returns how many arguments were used."""
    if info_of(cls.__base__) is not None:
        index = _set_by_position(self, cls.__base__, arguments, index)
    for name, *_ in cls.__dict__.get("_fields_", ()):
        if index >= len(arguments):
            break
        setattr(self, name, arguments[index])
        index += 1
    return index


def _initialise(self, arguments, keywords):
    cls = type(self)
    if arguments:
        used = _set_by_position(self, cls, arguments, 0)
        if used < len(arguments):
            raise TypeError("too many initializers")
        if keywords:
            order = []
            base = cls
            while info_of(base) is not None:
                order[:0] = [field[0] for field in base.__dict__.get("_fields_", ())]
                base = base.__base__
            for name in order[: len(arguments)]:
                if name in keywords:
                    raise TypeError(f"duplicate values for field {name!r}")
    for name, value in keywords.items():
        setattr(self, name, value)


class Structure(_CData, metaclass=PyCStructType):
    """What all structures are."""

    __slots__ = ()

    def __new__(cls, *arguments, **keywords):
        return new(cls)

    def __init__(self, *arguments, **keywords):
        _initialise(self, arguments, keywords)


class Union(_CData, metaclass=UnionType):
    """What all unions are."""

    __slots__ = ()

    def __new__(cls, *arguments, **keywords):
        return new(cls)

    def __init__(self, *arguments, **keywords):
        _initialise(self, arguments, keywords)


for _class in (PyCStructType, UnionType, Structure, Union):
    _class.__module__ = "_ctypes"
