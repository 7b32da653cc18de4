"""What C functions of the guest return, as Python has it."""

import os


def fail(number, *paths):
    """Raises the OSError of a number of an error."""
    raise OSError(number, os.strerror(number), *paths)


def checked(result, *paths):
    """The result of a C function, which is negative when it failed."""
    if type(result) is int and result < 0:
        fail(-result, *paths)
    return result
