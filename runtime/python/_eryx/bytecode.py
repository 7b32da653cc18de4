"""Bake time: compiles sources to bytecode, each beside its source, for a tree that never changes.

Run as a module. Its arguments are the output folder and the file that lists the sources, a path a
line. The bytecode is of the unchecked-hash kind (PEP 552), so that loading it asks for no source.
"""

import importlib.util
import sys
import warnings
from _frozen_importlib_external import _code_to_hash_pyc

warnings.simplefilter("ignore")


def compile_all(output, listing):
    """Compiles every source that `listing` names into `output`, numbered in the order of the list.

    A source that does not compile gets no bytecode; importing it fails as it would anywhere.
    """
    with open(listing, encoding="utf-8") as file:
        paths = file.read().split("\0")
    for number, path in enumerate(paths):
        with open(path, "rb") as file:
            source = file.read()
        try:
            code = compile(source, path, "exec", dont_inherit=True)
        except Exception:
            # Besides what is wrong with the source: limits, and SystemError where the compiler is at fault.
            continue
        data = _code_to_hash_pyc(code, importlib.util.source_hash(source), False)
        with open(f"{output}/{number}", "wb") as file:
            file.write(data)


if __name__ == "__main__":
    compile_all(sys.argv[1], sys.argv[2])
