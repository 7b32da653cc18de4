"""Users, groups and the owners of files.

WASI knows no users, and gives every file the owner and the group 0. Who asks is told the same: a
program owns all files, and nobody else is there to give one to.
"""

import errno
import os
from operator import index


def getuid():
    """Return the current process's user id."""
    return 0


def geteuid():
    """Return the current process's effective user id."""
    return 0


def getgid():
    """Return the current process's group id."""
    return 0


def getegid():
    """Return the current process's effective group id."""
    return 0


def getgroups():
    """Return list of supplemental group IDs for the process."""
    return [0]


def getresuid():
    """Return a tuple of the current process's real, effective, and saved user ids."""
    return (0, 0, 0)


def getresgid():
    """Return a tuple of the current process's real, effective, and saved group ids."""
    return (0, 0, 0)


# Code that finds the user to be 0, such as `tarfile`, takes it for granted that owners can be set.


def chown(path, uid, gid, *, dir_fd=None, follow_symlinks=True):
    """Change the owner and group id of path to the numeric uid and gid."""
    _give(uid, gid, path)
    os.stat(path, dir_fd=dir_fd, follow_symlinks=follow_symlinks)


def lchown(path, uid, gid):
    """Change the owner and group id of path to the numeric uid and gid."""
    chown(path, uid, gid, follow_symlinks=False)


def fchown(fd, uid, gid):
    """Change the owner and group id of the file given by file descriptor."""
    _give(uid, gid, None)
    os.fstat(fd)


def _give(uid, gid, path):
    # -1 leaves an owner as it is.
    if index(uid) not in (-1, 0) or index(gid) not in (-1, 0):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), path)


def install(*modules):
    """Puts the functions into `os` and the module that it has such functions from."""
    functions = (
        getuid, geteuid, getgid, getegid, getgroups, getresuid, getresgid, chown, lchown, fchown,
    )  # fmt: skip
    for function in functions:
        for module in modules:
            setattr(module, function.__name__, function)
    os.__all__ += [function.__name__ for function in functions]
    os.supports_fd.add(chown)
    os.supports_follow_symlinks.add(chown)
