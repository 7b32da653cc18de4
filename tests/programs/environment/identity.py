# There is one user and one group, who own every file.
import os
import tempfile
from os import *

print(os.getuid(), geteuid(), os.getgid(), getegid(), os.getgroups(), os.getresuid(), getresgid())

with tempfile.NamedTemporaryFile() as file:
    for path in (file.name, os.getcwd(), os.__file__):
        status = os.stat(path)
        print(status.st_uid == os.getuid(), status.st_gid in os.getgroups())
    os.chown(file.name, 0, -1)
    os.lchown(file.name, -1, -1)
    os.fchown(file.fileno(), 0, 0)
    for give in (
        lambda: chown(file.name, 1000, -1),
        lambda: fchown(file.fileno(), 0, 1000),
        lambda: chown("/nowhere", 0, 0),
        lambda: chown(file.name, "root", 0),
    ):
        try:
            give()
        except (OSError, TypeError) as error:
            print(type(error).__name__)
