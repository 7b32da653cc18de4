# fused
# fcntl(F_DUPFD) gives the lowest free number from one on.
import ctypes
import os

F_DUPFD, F_DUPFD_CLOEXEC = 0, 1030
fcntl = ctypes.CDLL(None, use_errno=True).fcntl
fcntl.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int]


def duplicate(descriptor, minimum, command=F_DUPFD):
    number = fcntl(descriptor, command, minimum)
    return number if number >= 0 else os.strerror(ctypes.get_errno())


print(duplicate(1, 0), duplicate(1, 10), duplicate(1, 10), duplicate(1, 3, F_DUPFD_CLOEXEC))
os.write(11, b"into standard output\n")
print(os.dup(1), duplicate(99, 3), duplicate(1, -1), duplicate(1, 1 << 20))
