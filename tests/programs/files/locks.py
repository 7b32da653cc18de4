# fused
"""`fcntl`: locks and control of open files."""

import errno
import fcntl
import os


def failing(function, *arguments):
    try:
        return function(*arguments)
    except (OSError, ValueError) as error:
        return errno.errorcode.get(getattr(error, "errno", None), str(error))


with open("/tmp/file", "w+") as file:
    file.write("0123456789")
    file.flush()
    for lock in (fcntl.flock, fcntl.lockf):
        print(lock(file, fcntl.LOCK_EX), lock(file.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB))
        print(lock(file, fcntl.LOCK_UN))
    print(fcntl.lockf(file, fcntl.LOCK_EX, 5, 2), fcntl.lockf(file, fcntl.LOCK_UN, -5, 0, os.SEEK_END))
    print(failing(fcntl.lockf, file, fcntl.LOCK_EX, 1, -1))
    print(failing(fcntl.lockf, file, 16), failing(fcntl.flock, file, 16))
    print(failing(fcntl.flock, -1, fcntl.LOCK_EX), failing(fcntl.flock, 99, fcntl.LOCK_EX))
    print(failing(fcntl.ioctl, file, 0x5413), failing(fcntl.ioctl, 99, 0x5413))
    print(failing(fcntl.fcntl, file, 12345), fcntl.fcntl(file, fcntl.F_GETFD) in (0, fcntl.FD_CLOEXEC))
    copy = fcntl.fcntl(file, fcntl.F_DUPFD_CLOEXEC, 50)
    print(copy, os.fstat(copy).st_ino == os.fstat(file.fileno()).st_ino)
    os.close(copy)

ends = os.pipe()
flags = fcntl.fcntl(ends[0], fcntl.F_GETFL)
print(fcntl.fcntl(ends[0], fcntl.F_SETFL, flags | os.O_NONBLOCK), failing(os.read, ends[0], 1))
