"""Which objects of the snapshot are never counted again.

Counting a reference writes to the object, and the page that it lies in is then copied, in every run. What
code is made of, and lives as long as the sandbox, need not be counted: functions, types, modules, constants.
What a program can let go of and see go, such as instances, is counted as ever, and so is what holds some.
"""

import gc
import importlib.machinery
import sys
import types

# Exact types, since a subclass may do something when an instance goes. These hold no instances, or belong to
# a type or module.
_PLAIN = frozenset(
    (
        bytes,
        complex,
        float,
        int,
        slice,
        str,
        classmethod,
        property,
        staticmethod,
        type(None),
        # What each import statement looks at.
        importlib.machinery.ModuleSpec,
        types.ClassMethodDescriptorType,
        types.CodeType,
        types.GetSetDescriptorType,
        types.MemberDescriptorType,
        types.MethodDescriptorType,
        types.ModuleType,
        types.WrapperDescriptorType,
    )
)

# How many objects are looked at together: what is remembered meanwhile makes the heap of each run larger.
_TOGETHER = 100


def mark(make_immortal):
    """Calls `make_immortal` with lists of interned strings and of other objects, until all had their turn."""
    known = gc.get_objects()
    for start in range(0, len(known), _TOGETHER):
        items = known[start : start + _TOGETHER]
        seen = set()
        while items:
            names, others = [], []
            for item in items:
                if type(item) is str and sys._is_interned(item):
                    names.append(item)
                elif _lasts(item):
                    others.append(item)
                    others.extend(_parts_that_last(item))
            make_immortal(names, others)
            items = _parts(items, seen)


def _lasts(item):
    """Whether this lives as long as the sandbox, or what it holds may."""
    kind = type(item)
    if kind is types.BuiltinFunctionType:
        return _is_plain(item.__self__)
    if kind is tuple or kind is frozenset:
        return not gc.is_tracked(item) or all(map(_is_plain, item))
    return _is_plain(item)


def _is_plain(item):
    if type(item) is types.FunctionType:
        # One that was made in another function may go, with all that it holds.
        return "<locals>" not in item.__qualname__
    # Not isinstance, which asks the object itself, too.
    return type(item) in _PLAIN or issubclass(type(item), type)


def _parts_that_last(item):
    """What belongs to this alone."""
    if type(item) is types.ModuleType:
        return (item.__dict__,)
    if type(item) is types.FunctionType:
        return item.__closure__ or ()
    return ()


def _parts(items, seen):
    """What these hold, the garbage collector does not know, and was not seen before."""
    parts = gc.get_referents(*items)
    for item in items:
        if type(item) is types.CodeType:
            parts += (item.co_consts, item.co_names, item.co_filename, item.co_name, item.co_qualname)
    new = {id(part): part for part in parts if id(part) not in seen and not gc.is_tracked(part)}
    seen.update(new)
    return [*new.values()]
