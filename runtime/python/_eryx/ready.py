"""Modules that ran at bake time although nobody asked for them, because running them takes long.

They are not in `sys.modules`: a program sees of them what it imports, and pays nothing for it. An image is not
larger either, since a few pages more or less of the heap make no difference.
"""

import importlib
import sys

# What is prepared, each after what it needs, and whether a second import gives the same module, as it does of a
# module in C: this one is Python here only.
_NAMES = {"_ctypes": True, "ctypes": False}

# Common modules that those need, which stay.
_VISIBLE = frozenset(("_struct", "struct"))

# Path of the source -> the module, and by name what came with it.
_ready = {}


def prepare():
    """Runs the modules, before any of a package, and puts them aside."""
    hidden = {}
    for name in _NAMES:
        if name in sys.modules:
            return
    before = set(sys.modules) | _VISIBLE
    for name in _NAMES:
        try:
            module = importlib.import_module(name)
        except ImportError:
            break
        hidden |= {key: value for key, value in sys.modules.items() if key not in before}
        _ready[module.__spec__.origin] = (module, dict(hidden))
    for name in set(sys.modules) - before:
        del sys.modules[name]


def take(name, path):
    """The module with this name and source, if it is ready: then it need not be run."""
    module, others = _ready.get(path, (None, {}))
    if module is None or module.__name__ != name:
        return None
    for other, ready in others.items():
        if other != name and sys.modules.get(other, ready) is not ready:
            # The program has put something else in the place of what the module needs.
            return None
    if not _NAMES[name]:
        del _ready[path]
    sys.modules.update(others)
    return module
