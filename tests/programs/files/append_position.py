# fused
# A file that is open for appending has a position of its own for reading.
import os

path = "/tmp/log.json"
open(path, "w").write('{"n": 1}')
with open(path, "a+") as file:
    file.seek(0)
    print(repr(file.read()))
    file.write("x")
    print(file.tell())
    file.seek(2)
    file.write("y")
    file.seek(0)
    print(file.read())
descriptor = os.open(path, os.O_RDWR | os.O_APPEND)
print(os.lseek(descriptor, 0, os.SEEK_SET), os.lseek(descriptor, 0, os.SEEK_CUR))
print(os.read(descriptor, 3), os.lseek(descriptor, 0, os.SEEK_CUR))
os.write(descriptor, b"zz")
print(os.lseek(descriptor, 0, os.SEEK_CUR), os.fstat(descriptor).st_size)
