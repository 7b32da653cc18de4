"""Every public module of the standard library either imports or says why not."""

import importlib
import sys
import warnings

warnings.simplefilter("ignore")
SKIPPED = {"antigravity", "this", "idlelib", "test"}
failed = {}
for name in sorted(sys.stdlib_module_names):
    if name.startswith("_") or name in SKIPPED:
        continue
    try:
        importlib.import_module(name)
    except ImportError as error:
        failed[name] = str(error)
for name, error in failed.items():
    print(name, "-", error)
