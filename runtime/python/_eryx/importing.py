"""Imports from the image, whose folders never change.

The ordinary path finder asks the file system about every folder on the path and every candidate
name, and the ordinary loader compares a source with its bytecode. In an image both answers are known
at bake time: this finder keeps the listing of every folder of the image in the snapshot, and its
loader opens the bytecode straight away.
"""

import _frozen_importlib_external as external
import _imp
import marshal
import os
import sys
from contextlib import contextmanager

import _eryx_host

from . import ready

# The application's own modules, which the manifest's files put there.
APPLICATION = "/app"

ROOTS = ("/usr/lib/python3.14", "/site-packages", APPLICATION)

_TAG = f".{sys.implementation.cache_tag}.pyc"

# Folder -> the names in it; filled at bake time.
_listings = {}


class ImageLoader(external.SourceFileLoader):
    """Loads a module of the image from the bytecode beside its source."""

    # It stands for the ordinary loader of the same source: code compares the specs of modules.

    def __eq__(self, other):
        if not isinstance(other, external.SourceFileLoader):
            return NotImplemented
        return self.__dict__ == other.__dict__

    def __hash__(self):
        return super().__hash__()

    def get_code(self, fullname):
        folder, _, name = self.path.rpartition("/")
        if f"{name.removesuffix('.py')}{_TAG}" in _listings.get(f"{folder}/__pycache__", ()):
            # Where sources were stripped, the bytecode lies in the place of the source.
            for path in (f"{folder}/__pycache__/{name.removesuffix('.py')}{_TAG}", f"{self.path}c"):
                try:
                    with open(path, "rb", 0) as file:
                        data = file.read()
                except FileNotFoundError:
                    # A source that does not compile has none, and at bake time none has.
                    continue
                if data[:4] == external.MAGIC_NUMBER and data[4] & 1:
                    code = marshal.loads(memoryview(data)[16:])
                    # As the ordinary loader does, for code that was compiled elsewhere.
                    _imp._fix_co_filename(code, self.path)
                    return code
        return super().get_code(fullname)

    def create_module(self, spec):
        module = ready.take(spec.name, self.path)
        if module is None:
            return super().create_module(spec)

        def exec_module(module):
            # It has run. A method of this class would show in tracebacks of every import, and warnings would
            # be said to come from it.
            del self.exec_module

        self.exec_module = exec_module
        return module


class ImageFinder(external.FileFinder):
    """Finds modules in one folder of the image."""

    def __init__(self, path):
        super().__init__(
            path,
            (external.ExtensionFileLoader, _imp.extension_suffixes()),
            (ImageLoader, external.SOURCE_SUFFIXES),
            (external.SourcelessFileLoader, external.BYTECODE_SUFFIXES),
        )

    def find_spec(self, fullname, target=None):
        if self.path not in _listings:
            return super().find_spec(fullname, target)
        names = _listings[self.path]
        tail = fullname.rpartition(".")[2]
        base = f"{self.path}/{tail}"
        if tail in names and base in _listings:
            inner = _listings[base]
            for suffix, loader in self._loaders:
                if f"__init__{suffix}" in inner:
                    return self._get_spec(
                        loader, fullname, f"{base}/__init__{suffix}", [base], target
                    )
        for suffix, loader in self._loaders:
            if f"{tail}{suffix}" in names and f"{base}{suffix}" not in _listings:
                return self._get_spec(loader, fullname, base + suffix, None, target)
        if tail in names and base in _listings:
            # A folder without __init__: a portion of a namespace package (PEP 420).
            spec = external._bootstrap.ModuleSpec(fullname, None)
            spec.submodule_search_locations = [base]
            return spec
        return None

    def invalidate_caches(self):
        """The listings of the image hold for good; only folders outside of them change."""
        if self.path not in _listings:
            super().invalidate_caches()


def _hook(path):
    for root in ROOTS:
        if path == root or path.startswith(f"{root}/"):
            if path in _listings or external._path_isdir(path):
                return ImageFinder(path)
            raise ImportError("only folders are supported", path=path)
    raise ImportError("not in the image", path=path)


def install():
    """Puts the finder before the ordinary one for the folders of the image."""
    sys.path_hooks.insert(0, _hook)
    if os.path.isdir(APPLICATION):
        sys.path.append(APPLICATION)
    for path in list(sys.path_importer_cache):
        if path.startswith(ROOTS):
            del sys.path_importer_cache[path]
    index_image(with_bytecode=False)


def index_image(with_bytecode):
    """Reads the listing of every folder of the image.

    The image gets bytecode for each source after this heap is frozen; `with_bytecode` lists it.
    """
    for root in ROOTS:
        for folder, folders, files in os.walk(root):
            names = frozenset(folders) | frozenset(files)
            _listings[folder] = names
            if not with_bytecode or folder.endswith("/__pycache__"):
                continue
            sources = [name for name in files if name.endswith(".py")]
            if sources:
                _listings[folder] = names | {"__pycache__"}
                _listings[f"{folder}/__pycache__"] = frozenset(
                    f"{name.removesuffix('.py')}{_TAG}" for name in sources
                )


@contextmanager
def reported():
    """Tells the host which module is being imported, while this lasts."""

    class Reporter:
        @staticmethod
        def find_spec(fullname, path=None, target=None):
            _eryx_host.importing(fullname)
            return None

    reporter = Reporter()
    sys.meta_path.insert(0, reporter)
    try:
        yield
    finally:
        sys.meta_path.remove(reporter)
