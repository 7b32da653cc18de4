"""Directories that are open: what `os.listdir`, `os.scandir` and `os.fwalk` do with a descriptor."""

import os
import sys

import _eryx_posix

from .results import checked


def listdir_of(of_path):
    def listdir(path=None):
        """Return a list containing the names of the files in the directory."""
        if not isinstance(path, int):
            return of_path(path)
        found = checked(_eryx_posix.list(path))
        names = [os.fsdecode(name) for name, _type in found]
        return [name for name in names if name not in (".", "..")]

    return listdir


class _Entry:
    """An entry of a directory that is open: what `os.scandir` gives for a descriptor."""

    __slots__ = ("name", "path", "_directory", "_type")

    # The kinds of the platform's `d_type`.
    _DIRECTORY, _FILE, _LINK = 3, 4, 7

    def __init__(self, directory, name, kind):
        self.name = self.path = name
        self._directory = directory
        self._type = kind

    def __repr__(self):
        return f"<DirEntry {self.name!r}>"

    def __fspath__(self):
        return self.path

    def stat(self, *, follow_symlinks=True):
        return os.stat(self.name, dir_fd=self._directory, follow_symlinks=follow_symlinks)

    def inode(self):
        return self.stat(follow_symlinks=False).st_ino

    def _is(self, kind, check, follow_symlinks):
        if self._type != self._LINK or not follow_symlinks:
            return self._type == kind
        try:
            return check(self.stat().st_mode)
        except FileNotFoundError:
            return False

    def is_dir(self, *, follow_symlinks=True):
        from stat import S_ISDIR

        return self._is(self._DIRECTORY, S_ISDIR, follow_symlinks)

    def is_file(self, *, follow_symlinks=True):
        from stat import S_ISREG

        return self._is(self._FILE, S_ISREG, follow_symlinks)

    def is_symlink(self):
        return self._type == self._LINK

    def is_junction(self):
        return False


class _Entries:
    """An iterator of entries that can be closed."""

    def __init__(self, entries):
        self._entries = iter(entries)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._entries)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._entries = iter(())


def scandir_of(of_path):
    def scandir(path=None):
        """Return an iterator of DirEntry objects for given path."""
        if not isinstance(path, int):
            return of_path(path)
        found = checked(_eryx_posix.list(path))
        named = [(os.fsdecode(name), kind) for name, kind in found]
        return _Entries(_Entry(path, *entry) for entry in named if entry[0] not in (".", ".."))

    return scandir


def fwalk(top=".", topdown=True, onerror=None, *, follow_symlinks=False, dir_fd=None):
    """Directory tree generator that also yields an open descriptor of each directory."""
    sys.audit("os.fwalk", top, topdown, onerror, follow_symlinks, dir_fd)
    top = os.fspath(top)
    # Descriptors to close, directories to yield, and names to walk from; not calls, so that no depth is too deep.
    left = [(_WALK, (top, top, dir_fd, True))]
    try:
        while left:
            step, value = left.pop()
            if step is _CLOSE:
                os.close(value)
            elif step is _YIELD:
                yield value
            else:
                yield from _walk(left, value, topdown, onerror, follow_symlinks)
    finally:
        for step, value in reversed(left):
            if step is _CLOSE:
                os.close(value)


_WALK, _YIELD, _CLOSE = "walk", "yield", "close"


def _walk(left, value, topdown, onerror, follow_symlinks):
    """A step of the walk: what a name is on an open directory, and its path from the top."""
    from stat import S_ISDIR

    path, name, directory, is_top = value
    try:
        if not follow_symlinks:
            named = os.stat(name, follow_symlinks=False, dir_fd=directory)
        descriptor = os.open(name, os.O_RDONLY | os.O_NONBLOCK, dir_fd=directory)
    except OSError as error:
        if is_top:
            raise
        if onerror is not None:
            onerror(error)
        return
    left.append((_CLOSE, descriptor))
    if not follow_symlinks:
        if is_top and not S_ISDIR(named.st_mode):
            return
        # What was exchanged for a link meanwhile is not followed.
        if not os.path.samestat(named, os.stat(descriptor)):
            return
    convert = os.fsencode if isinstance(path, bytes) else str
    directories, others = [], []
    for entry in os.scandir(descriptor):
        try:
            names = directories if entry.is_dir() else others
        except OSError:
            # A link that leads nowhere.
            names = others
        names.append(convert(entry.name))
    found = path, directories, others, descriptor
    if topdown:
        yield found
    else:
        left.append((_YIELD, found))
    for below in reversed(directories):
        left.append((_WALK, (os.path.join(path, below), below, descriptor, False)))
