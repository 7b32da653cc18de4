"""The types of the package that nobody changes, as those of CPython's own `_ctypes` can't be changed."""

from _eryx_foreign import freeze

from . import aggregate, array, data, function, pointer, simple

# A type comes after what it is made of.
for _type in (
    data.CType_Type,
    data._CData,
    aggregate._AggregateType,
    aggregate.PyCStructType,
    aggregate.UnionType,
    array.PyCArrayType,
    pointer.PyCPointerType,
    simple.PyCSimpleType,
    function.PyCFuncPtrType,
    aggregate.CField,
    aggregate.Structure,
    aggregate.Union,
    array.Array,
    pointer._Pointer,
    simple._SimpleCData,
    function.CFuncPtr,
):
    freeze(_type)
