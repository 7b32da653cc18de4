"""Control and locks of open files.

This is CPython's module `fcntl` as far as a sandbox has what it controls. Locks are those of the host, which other
programs meet that lock the same files.
"""

import errno
import os
import sys
import time
from operator import index

import _eryx_posix
from _eryx.results import checked

__all__ = ["fcntl", "flock", "ioctl", "lockf"]

# The numbers of Linux. Those that a sandbox cannot act on are left out.
F_DUPFD = 0
F_GETFD = 1
F_SETFD = 2
F_GETFL = 3
F_SETFL = 4
F_DUPFD_CLOEXEC = 1030
FD_CLOEXEC = 1
F_RDLCK = 0
F_WRLCK = 1
F_UNLCK = 2
LOCK_SH = 1
LOCK_EX = 2
LOCK_NB = 4
LOCK_UN = 8

# What happens to a lock, in the numbers of `_eryx_posix.lock`.
_CHANGES = {LOCK_UN: 0, LOCK_SH: 1, LOCK_EX: 2}

# One more than the last byte of a file that can be locked.
_END = (1 << 63) - 1

# The seconds between two tries to get a lock: they grow from the first to the second.
_SHORTEST_WAIT = 0.001
_LONGEST_WAIT = 0.05


def _descriptor(file):
    """The descriptor that a number or an object with `fileno` means."""
    number = file.fileno() if hasattr(file, "fileno") else file
    number = index(number)
    if number < 0:
        raise ValueError(f"file descriptor cannot be a negative integer ({number})")
    return number


def fcntl(fd, cmd, arg=0, /):
    """Perform the operation `cmd` on file descriptor fd."""
    descriptor, cmd = _descriptor(fd), index(cmd)
    sys.audit("fcntl.fcntl", descriptor, cmd, arg)
    if not hasattr(arg, "__index__"):
        # Structures are for locks, which `lockf` and `flock` change.
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    return checked(_eryx_posix.fcntl(descriptor, cmd, index(arg)))


def ioctl(fd, request, arg=0, mutate_flag=True, /):
    """Perform the operation request on file descriptor fd: there is no device that has one."""
    descriptor = _descriptor(fd)
    sys.audit("fcntl.ioctl", descriptor, request, arg)
    checked(_eryx_posix.fcntl(descriptor, F_GETFD, 0))
    raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))


def _lock(change, operation):
    """Changes a lock by `change`, and waits for it if `operation` does not say otherwise."""
    wait = _SHORTEST_WAIT
    while True:
        result = change(_CHANGES[operation & ~LOCK_NB])
        if result != -errno.EAGAIN or operation & LOCK_NB:
            checked(result)
            return
        time.sleep(wait)
        wait = min(2 * wait, _LONGEST_WAIT)


def flock(fd, operation, /):
    """Perform the lock operation on file descriptor fd."""
    descriptor, operation = _descriptor(fd), index(operation)
    sys.audit("fcntl.flock", descriptor, operation)
    if operation & ~LOCK_NB not in _CHANGES:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    _lock(lambda change: _eryx_posix.flock(descriptor, change), operation)


def lockf(fd, cmd, len=0, start=0, whence=0, /):
    """A wrapper around the fcntl() locking calls."""
    descriptor, cmd = _descriptor(fd), index(cmd)
    len, start, whence = index(len), index(start), index(whence)
    sys.audit("fcntl.lockf", descriptor, cmd, len, start, whence)
    if cmd & ~LOCK_NB not in _CHANGES:
        raise ValueError("unrecognized lockf argument")
    if whence == os.SEEK_CUR:
        start += os.lseek(descriptor, 0, os.SEEK_CUR)
    elif whence == os.SEEK_END:
        start += os.fstat(descriptor).st_size
    elif whence != os.SEEK_SET:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    if len < 0:
        start, len = start + len, -len
    if start < 0 or start + len > _END:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    _lock(lambda change: _eryx_posix.lock(descriptor, change, start, len), cmd)
