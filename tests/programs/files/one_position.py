# fused
# Reads, writes and seeks move one position.
import os

descriptor = os.open("/tmp/file", os.O_RDWR | os.O_CREAT)
os.write(descriptor, b"0123456789")
os.lseek(descriptor, 0, os.SEEK_SET)
print(os.read(descriptor, 3), os.write(descriptor, b"ab"), os.read(descriptor, 2))
print(os.write(descriptor, b"c"), os.lseek(descriptor, 0, os.SEEK_CUR))
os.lseek(descriptor, 1, os.SEEK_SET)
print(os.read(descriptor, 2))
os.lseek(descriptor, 0, os.SEEK_END)
print(os.read(descriptor, 3))
os.lseek(descriptor, -4, os.SEEK_END)
print(os.read(descriptor, 100))
for offset, whence in ((-1, os.SEEK_SET), (-100, os.SEEK_CUR), (0, 7)):
    try:
        os.lseek(descriptor, offset, whence)
    except OSError as error:
        print(error)
with open("/tmp/file", "r+b", buffering=0) as file:
    print(file.read(2), file.write(b"--"), file.read(2), file.tell())
