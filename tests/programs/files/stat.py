import os
import stat
import time

open("/tmp/f", "w").write("12345")
status = os.stat("/tmp/f")
print(status.st_size, stat.S_ISREG(status.st_mode), abs(status.st_mtime - time.time()) < 60)
os.utime("/tmp/f", (1_000_000_000, 1_500_000_000))
print(os.stat("/tmp/f").st_mtime, os.stat("/tmp/f").st_atime)
print(stat.S_ISDIR(os.stat("/tmp").st_mode), stat.S_ISDIR(os.stat("/usr/lib").st_mode))
descriptor = os.open("/tmp/f", os.O_RDWR | os.O_CREAT)
print(os.pread(descriptor, 3, 1), os.lseek(descriptor, 0, os.SEEK_END), os.fstat(descriptor).st_size)
os.ftruncate(descriptor, 2)
os.fsync(descriptor)
os.close(descriptor)
print(os.path.getsize("/tmp/f"), os.access("/tmp/f", os.R_OK), os.access("/tmp/none", os.F_OK))
print(os.stat("/usr/lib/python3.14/os.py").st_mtime, os.path.getsize("/usr/lib/python3.14/os.py") > 1000)
