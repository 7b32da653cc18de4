"""Functions of C: their types, and instances that call and are called back."""

import sys

import _eryx_foreign as foreign

from . import plan
from .address import address_info, is_set, load_address, store_address
from .arguments import ArgumentError
from .call import MAX_ARGUMENTS, call_address
from .callback import Callback
from .data import (
    CType_Type,
    _CData,
    check_is_new,
    info_of,
    keep_reference,
    new,
    set_info,
    storage_of,
)
from .libraries import address_in

_PARAMFLAG_IN, _PARAMFLAG_OUT, _PARAMFLAG_LCID = 1, 2, 4


def _converters(types):
    if len(types) > MAX_ARGUMENTS:
        raise ArgumentError(
            f"_argtypes_ has too many arguments ({len(types)}), maximum is {MAX_ARGUMENTS}"
        )
    converters = []
    for index, one in enumerate(types, 1):
        if not hasattr(one, "from_param"):
            raise TypeError(f"item {index} in _argtypes_ has no from_param method")
        converters.append(one.from_param)
    return tuple(converters)


def _is_restype(value):
    return value is None or callable(value) or (
        isinstance(value, type) and info_of(value) is not None
    )


class PyCFuncPtrType(CType_Type):
    """The metaclass of functions."""

    def __init__(cls, name, bases, namespace, **keywords):
        super().__init__(name, bases, namespace)
        check_is_new(cls)
        if bases == (_CData,):
            return
        info = address_info("X{}")
        flags = getattr(cls, "_flags_", None)
        if not isinstance(flags, int):
            raise TypeError("class must define _flags_ which must be an integer")
        info.flags = flags
        argtypes = getattr(cls, "_argtypes_", None)
        if argtypes is not None:
            if not isinstance(argtypes, tuple):
                raise TypeError("class must define _argtypes_ which must be a tuple of types")
            info.argtypes = argtypes
            info.converters = _converters(argtypes)
        restype = getattr(cls, "_restype_", None)
        if not _is_restype(restype):
            raise TypeError("_restype_ must be a type, a callable, or None")
        info.restype = restype
        info.checker = getattr(restype, "_check_retval_", None)
        set_info(cls, info)


PyCFuncPtrType.__module__ = "_ctypes"

# That the attributes of an instance say nothing, and those of its class count.
_UNSET = object()


class CFuncPtr:
    """What all functions are: a pointer that can be called. The attributes of the type, which is made in C."""

    def __new__(cls, *arguments, **keywords):
        info = storage_of(cls)
        self = new(cls)
        if not arguments:
            return self
        first = arguments[0]
        if len(arguments) <= 2 and isinstance(first, tuple):
            _set_exported(self, info, *arguments)
        elif len(arguments) == 1 and isinstance(first, int):
            store_address(self, first)
        elif len(arguments) != 1:
            raise TypeError(f"function takes exactly 1 argument ({len(arguments)} given)")
        elif not callable(first):
            raise TypeError("argument must be callable or integer function address")
        elif info.argtypes is None:
            raise TypeError("cannot construct instance of this class: no argtypes")
        else:
            callback = Callback(first, info)
            store_address(self, callback.address)
            keep_reference(self, 0, callback)
        return self

    def __init__(self, *arguments, **keywords):
        pass

    @property
    def restype(self):
        """The type of the result."""
        own = _own(self, "_eryx_restype")
        return storage_of(type(self)).restype if own is _UNSET else own

    @restype.setter
    def restype(self, value):
        if not _is_restype(value):
            raise TypeError("restype must be a type, a callable, or None")
        foreign.forget_plan(self)
        self._eryx_restype = value

    @restype.deleter
    def restype(self):
        foreign.forget_plan(self)
        self._eryx_restype = _UNSET

    @property
    def argtypes(self):
        """The types of the arguments."""
        own = _own(self, "_eryx_argtypes")
        return storage_of(type(self)).argtypes if own is _UNSET else own

    @argtypes.setter
    def argtypes(self, value):
        if value is None:
            foreign.forget_plan(self)
            self._eryx_argtypes = _UNSET
            return
        try:
            types = tuple(value)
        except TypeError:
            raise TypeError("_argtypes_ must be a sequence of types") from None
        converters = _converters(types)
        _checked_flags(types, _own(self, "_eryx_paramflags", None))
        foreign.forget_plan(self)
        self._eryx_converters = converters
        self._eryx_argtypes = value

    @argtypes.deleter
    def argtypes(self):
        foreign.forget_plan(self)
        self._eryx_argtypes = _UNSET

    @property
    def errcheck(self):
        """What is called with each result, and may raise or change it."""
        return _own(self, "_eryx_errcheck", None)

    @errcheck.setter
    def errcheck(self, value):
        if not callable(value):
            raise TypeError("the errcheck attribute must be callable")
        foreign.forget_plan(self)
        self._eryx_errcheck = value

    @errcheck.deleter
    def errcheck(self):
        foreign.forget_plan(self)
        self._eryx_errcheck = None

    __bool__ = is_set

    def __repr__(self):
        return f"<{type(self).__name__} object at {id(self):#x}>"

    def _eryx_prepare(self):
        """Works out the plan, or that there is none: before the first call, and after what it depends on changed."""
        address = load_address(self)
        if not address:
            return
        if _own(self, "_eryx_paramflags", None) is not None or self.errcheck is not None:
            foreign.no_plan(self)
            return
        plan.prepare(self, address, storage_of(type(self)).flags, *_declared(self))

    def _eryx_call(self, *arguments, **keywords):
        """A call that has no plan, or does not fit it."""
        argtypes, converters, restype, checker = _declared(self)
        has_flags = _own(self, "_eryx_paramflags", None) is not None
        errcheck = self.errcheck
        if has_flags and converters is not None:
            arguments, outputs = _with_defaults(self, arguments, keywords)
        else:
            outputs = None
        if converters is not None and len(converters) > len(arguments):
            required = len(converters)
            raise TypeError(
                f"this function takes at least {required} argument{'' if required == 1 else 's'} "
                f"({len(arguments)} given)"
            )
        flags = storage_of(type(self)).flags
        result = call_address(load_address(self), flags, arguments, converters, restype, checker)
        if errcheck is not None:
            checked = errcheck(result, self, arguments)
            if outputs is None or checked is not arguments:
                return checked
        if not outputs:
            return result
        values = [
            thing if is_both else thing.__ctypes_from_outparam__()
            for thing, is_both in ((arguments[place], both) for place, both in outputs)
        ]
        return values[0] if len(values) == 1 else tuple(values)


def _made_in_c(attributes):
    made = foreign.function_type(PyCFuncPtrType, _CData)
    for name, value in vars(attributes).items():
        if name not in ("__dict__", "__weakref__", "__module__"):
            setattr(made, name, value)
    return made


CFuncPtr = _made_in_c(CFuncPtr)


def _own(self, name, default=_UNSET):
    """What was set for an instance itself."""
    return getattr(self, name, default)


def _declared(self):
    """The types of the arguments, what converts them, the type of the result, and what checks it."""
    info = storage_of(type(self))
    argtypes, converters = _own(self, "_eryx_argtypes"), info.converters
    if argtypes is _UNSET:
        argtypes = info.argtypes
    else:
        converters = self._eryx_converters
    restype, checker = _own(self, "_eryx_restype"), info.checker
    if restype is _UNSET:
        restype = info.restype
    else:
        checker = getattr(restype, "_check_retval_", None)
    return argtypes, converters, restype, checker


def _set_exported(self, info, source, paramflags=None):
    """Makes it the function of a library: `(name, library)`."""
    if len(source) != 2:
        raise TypeError("function takes exactly 2 arguments (%d given)" % len(source))
    name, library = source
    if not isinstance(name, (str, bytes)):
        raise TypeError("the first item of the tuple must be the name of a function")
    sys.audit("ctypes.dlsym", library, name)
    handle = getattr(library, "_handle", None)
    if not isinstance(handle, int):
        raise TypeError("the _handle attribute of the second argument must be an integer")
    address = address_in(handle, name)
    if address is None:
        text = name if isinstance(name, str) else name.decode(errors="replace")
        raise AttributeError(f"undefined symbol: {text}")
    self._eryx_paramflags = _checked_flags(info.argtypes, paramflags)
    store_address(self, address)
    keep_reference(self, 0, library)


def _checked_flags(argtypes, paramflags):
    if paramflags is None or argtypes is None:
        return None
    if not isinstance(paramflags, tuple):
        raise TypeError("paramflags must be a tuple or None")
    if len(paramflags) != len(argtypes):
        raise ValueError("paramflags must have the same length as argtypes")
    for index, (one, argtype) in enumerate(zip(paramflags, argtypes), 1):
        is_well_formed = (
            isinstance(one, tuple)
            and 1 <= len(one) <= 3
            and isinstance(one[0], int)
            and (len(one) < 2 or one[1] is None or isinstance(one[1], str))
        )
        if not is_well_formed:
            raise TypeError(
                "paramflags must be a sequence of (int [,string [,value]]) tuples"
            )
        direction = one[0] & (_PARAMFLAG_IN | _PARAMFLAG_OUT | _PARAMFLAG_LCID)
        if direction not in (0, 1, 2, 3, 4, 5):
            raise TypeError(f"paramflag value {one[0]} not supported")
        if direction & _PARAMFLAG_OUT and not info_of(argtype).is_pointer:
            name = argtype.__name__
            raise TypeError(f"'out' parameter {index} must be a pointer type, not {name}")
    return paramflags


def _with_defaults(self, given, keywords):
    """The arguments of a function whose parameters have names, defaults and directions; and which of
    them are results, and both."""
    argtypes = self.argtypes
    arguments, outputs = [], []
    place = 0
    used = 0
    for index, (argtype, flags) in enumerate(zip(argtypes, self._eryx_paramflags)):
        flag, name, *default = (*flags, None)[:2] + flags[2:]
        direction = flag & (_PARAMFLAG_IN | _PARAMFLAG_OUT | _PARAMFLAG_LCID)
        if direction == _PARAMFLAG_OUT:
            if default:
                raise NotImplementedError("NULL stgdict unexpected")
            thing = _output(argtype)
            outputs.append((index, False))
            arguments.append(thing)
            continue
        if direction == _PARAMFLAG_IN | _PARAMFLAG_LCID:
            arguments.append(default[0] if default else 0)
            continue
        if place < len(given):
            value = given[place]
            place += 1
        elif name is not None and name in keywords:
            value = keywords[name]
            used += 1
        elif default:
            value = default[0]
        elif name is not None:
            raise TypeError(f"required argument '{name}' missing")
        else:
            raise TypeError("not enough arguments")
        if direction == _PARAMFLAG_IN | _PARAMFLAG_OUT:
            if not isinstance(value, _CData):
                value = info_of(argtype).proto(value)
            outputs.append((index, True))
        arguments.append(value)
    if place + used < len(given) + len(keywords):
        raise TypeError(
            f"call takes exactly {place + used} arguments ({len(given) + len(keywords)} given)"
        )
    return tuple(arguments), outputs


def _output(argtype):
    """What a result is written to that a function has a parameter for."""
    info = info_of(argtype)
    if info.proto is None:
        raise TypeError(f"{argtype.__name__} 'out' parameter must be passed as default value")
    # An array is passed as the address of its items already.
    return argtype() if info.shape else info.proto()
