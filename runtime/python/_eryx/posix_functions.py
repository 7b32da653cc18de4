"""Functions of `os`, `socket` and `time` that the interpreter was built without, because its platform lacks them.

They are made of what the guest's own C has: see `_eryx_posix`.
"""

import errno
import os
import sys
from operator import index

import _eryx_posix

from . import directories
from .results import checked, fail

# `AT_FDCWD` and `AT_SYMLINK_NOFOLLOW` of the platform.
_WORKING_DIRECTORY = -2
_NO_FOLLOW = 1


def _change_mode(path, mode, directory, flags):
    encoded = os.fsencode(path)
    if b"\0" in encoded:
        raise ValueError("embedded null byte")
    checked(_eryx_posix.chmod(directory, encoded, index(mode), flags), path)


def chmod(path, mode, *, dir_fd=None, follow_symlinks=True):
    """Change the access permissions of a file."""
    sys.audit("os.chmod", path, mode, -1 if dir_fd is None else dir_fd)
    if isinstance(path, int):
        if dir_fd is not None:
            raise ValueError("chmod: can't specify dir_fd without matching path")
        return checked(_eryx_posix.fchmod(path, index(mode)), path) and None
    directory = _WORKING_DIRECTORY if dir_fd is None else index(dir_fd)
    try:
        _change_mode(os.fspath(path), mode, directory, 0 if follow_symlinks else _NO_FOLLOW)
    except OSError as error:
        # As on Linux, a link has no mode of its own.
        if follow_symlinks or error.errno != errno.ENOTSUP:
            raise
        message = "chmod: follow_symlinks unavailable on this platform"
        raise NotImplementedError(message) from None


def fchmod(fd, mode):
    """Change the access permissions of the file given by file descriptor fd."""
    sys.audit("os.chmod", fd, mode, -1)
    checked(_eryx_posix.fchmod(_descriptor(fd), index(mode)))


def umask(mask):
    """Set the current numeric umask and return the previous umask."""
    return _eryx_posix.umask(index(mask) & 0o777)


def _descriptor(value):
    """The descriptor that a number or an object with `fileno` means."""
    return value.fileno() if hasattr(value, "fileno") else index(value)


def dup(fd, /):
    """Return a duplicate of a file descriptor."""
    return checked(_eryx_posix.dup(index(fd)))


def dup2(fd, fd2, inheritable=True):
    """Duplicate file descriptor."""
    return checked(_eryx_posix.dup2(index(fd), index(fd2)))


def pipe():
    """Create a pipe. Returns a tuple of two file descriptors: (read_fd, write_fd)."""
    return checked(_eryx_posix.pipe())


def pipe2(flags, /):
    """Create a pipe with flags set atomically."""
    ends = pipe()
    if flags & os.O_NONBLOCK:
        for end in ends:
            os.set_blocking(end, False)
    return ends


def _spread(data, buffers):
    """Copies bytes into the buffers, one after the other. Returns how many there were."""
    start = 0
    for view in buffers:
        piece = data[start : start + len(view)]
        view[: len(piece)] = piece
        start += len(piece)
    return len(data)


def _writable(buffers):
    views = [memoryview(buffer).cast("B") for buffer in buffers]
    if any(view.readonly for view in views):
        raise TypeError("a read-write bytes-like object is required")
    return views


def readv(fd, buffers, /):
    """Read from a file descriptor fd into an iterable of buffers."""
    views = _writable(buffers)
    return _spread(os.read(fd, sum(map(len, views))), views)


def preadv(fd, buffers, offset, flags=0, /):
    """Read from a file descriptor into a number of mutable bytes-like objects at an offset."""
    views = _writable(buffers)
    return _spread(os.pread(fd, sum(map(len, views)), offset), views)


def writev(fd, buffers, /):
    """Iterate over buffers, and write the contents of each to a file descriptor."""
    return os.write(fd, b"".join(buffers))


def pwritev(fd, buffers, offset, flags=0, /):
    """Write the contents of bytes-like objects to a file descriptor at a given offset."""
    return os.pwrite(fd, b"".join(buffers), offset)


def _result_type():
    """`os.statvfs_result`, a tuple of ten with an eleventh value that only has a name."""
    from collections import namedtuple

    fields = "f_bsize f_frsize f_blocks f_bfree f_bavail f_files f_ffree f_favail f_flag f_namemax"

    base = namedtuple("statvfs_result", fields)
    # A type of C has none, and who copies objects looks at them.
    del base.__slots__

    class statvfs_result(base):
        """What `statvfs` says of a file system."""

        def __new__(cls, values):
            made = super().__new__(cls, *values[:10])
            vars(made)["f_fsid"] = values[10] if len(values) > 10 else 0
            return made

        def __reduce__(self):
            return type(self), ((*self, self.f_fsid),)

        def __setattr__(self, name, value):
            raise AttributeError(f"readonly attribute: {name}")

    statvfs_result.__module__, statvfs_result.__qualname__ = "os", "statvfs_result"
    return statvfs_result


statvfs_result = _result_type()


def statvfs(path):
    """Perform a statvfs system call on the given path."""
    if isinstance(path, int):
        return fstatvfs(path)
    return statvfs_result(checked(_eryx_posix.statvfs(os.fsencode(path)), path))


def fstatvfs(fd, /):
    """Perform an fstatvfs system call on the given fd."""
    return statvfs_result(checked(_eryx_posix.fstatvfs(index(fd))))


def _socketpair(module):
    def socketpair(family=None, type=module.SOCK_STREAM, proto=0):
        """A pair of connected sockets within this process."""
        if family not in (None, module.AF_INET) or type & 0xF != module.SOCK_STREAM or proto != 0:
            fail(errno.EPROTONOSUPPORT)
        ends = checked(_eryx_posix.socketpair())
        return tuple(
            module.socket(module.AF_INET, module.SOCK_STREAM, 0, fileno=end) for end in ends
        )

    return socketpair


def adapt_socket(module):
    """There is no other process to connect to, but both ends of a pair can be in this one."""
    module.socketpair = _socketpair(module)
    if "socketpair" not in module.__all__:
        module.__all__.append("socketpair")


def thread_time():
    """Thread time for profiling: sum of the kernel and user-space CPU time."""
    import time

    return time.process_time()


def thread_time_ns():
    """Thread time for profiling, in nanoseconds."""
    import time

    return time.process_time_ns()


def _clock_info_of(known):
    def get_clock_info(name):
        """Get information of the specified clock."""
        return known("process_time" if name == "thread_time" else name)

    return get_clock_info


# Seconds of a year as CPython counts them to find a winter and a summer.
_YEAR = 365 * 24 * 60 * 60 + 6 * 60 * 60


def tzset():
    """Initialize, or reinitialize, the local timezone to the value stored in os.environ['TZ']."""
    import time

    start = int(time.time()) // _YEAR * _YEAR
    january, july = time.localtime(start), time.localtime(start + _YEAR // 2)
    # Where summer is in January.
    usual, summer = (july, january) if january.tm_gmtoff > july.tm_gmtoff else (january, july)
    time.timezone, time.altzone = -usual.tm_gmtoff, -summer.tm_gmtoff
    time.daylight = int(usual.tm_gmtoff != summer.tm_gmtoff)
    time.tzname = (usual.tm_zone, summer.tm_zone)


def install():
    """Puts the functions into `os`, `posix` and `time`."""
    import time

    posix = sys.modules["posix"]
    functions = (
        chmod, fchmod, umask, dup, dup2, pipe, pipe2, readv, preadv, writev, pwritev, statvfs,
        fstatvfs, statvfs_result,
    )  # fmt: skip
    added = {function.__name__: function for function in functions}
    added["listdir"] = directories.listdir_of(posix.listdir)
    added["scandir"] = directories.scandir_of(posix.scandir)
    added["ST_RDONLY"], added["ST_NOSUID"] = 1, 2
    for name, function in added.items():
        if function is not statvfs_result and callable(function):
            function.__module__ = "posix"
        setattr(os, name, function)
        setattr(posix, name, function)
    os.fwalk = directories.fwalk
    names = [*added, "fwalk"]
    os.__all__ += [name for name in names if name not in os.__all__]
    os.supports_fd.update((chmod, os.listdir, os.scandir, statvfs))
    os.supports_dir_fd.add(chmod)
    get_clock_info = _clock_info_of(time.get_clock_info)
    for function in (thread_time, thread_time_ns, get_clock_info, tzset):
        setattr(time, function.__name__, function)
