"""What pointers and functions have in common: a value that is an address."""

import _eryx_foreign as foreign

from .data import Info, address_of


def address_info(buffer_format):
    """What is known of a type whose instances hold an address."""
    info = Info(4, 4, 1)
    info.is_pointer = True
    info.letters = "i"
    info.format = buffer_format
    return info


def load_address(self):
    """The address that an instance holds."""
    return foreign.load("P", address_of(self), False)


def store_address(self, address):
    foreign.store("P", address_of(self), False, address)


def is_set(self):
    """Whether it is another address than NULL: what an instance is as a truth value."""
    return load_address(self) != 0
