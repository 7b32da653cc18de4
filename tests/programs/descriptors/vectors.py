# fused
# Reads and writes of several buffers take all of them.
import os

buffers = bytearray(3), bytearray(4)
descriptor = os.open("/tmp/file", os.O_RDWR | os.O_CREAT)
print(os.writev(descriptor, [b"ab", b"", b"cdefg"]))
os.lseek(descriptor, 0, os.SEEK_SET)
print(os.readv(descriptor, buffers), buffers)
print(os.preadv(descriptor, buffers, 2), buffers, os.pwritev(descriptor, [b"1", b"2"], 5))
print(os.pread(descriptor, 100, 0))
large = bytes(5 << 20)
print(os.write(descriptor, large), os.pread(descriptor, 1, 7), os.fstat(descriptor).st_size)
os.lseek(descriptor, 0, os.SEEK_SET)
print(len(os.read(descriptor, 10 << 20)))
