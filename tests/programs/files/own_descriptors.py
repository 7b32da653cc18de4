# fused
# stdin: from standard input
# /dev has what stands for the program's own descriptors.
import os

print(open("/dev/stdin").read().strip())
with open("/dev/stdout", "w") as file:
    print("to standard output", file=file)
with open("/dev/fd/1", "w") as file:
    print("by its number", file=file)
with open("/dev/stderr", "w") as file:
    print("to standard error", file=file)
descriptor = os.open("/tmp/file", os.O_RDWR | os.O_CREAT)
os.write(descriptor, b"contents")
os.lseek(descriptor, 0, os.SEEK_SET)
with open(f"/dev/fd/{descriptor}") as file:
    print(file.read())
for path in ("/dev/tty", "/dev/fd/99"):
    try:
        open(path)
    except OSError as error:
        print(error)
print(sorted(os.listdir("/dev")), os.path.exists("/dev/fd/2"), os.path.exists("/dev/fd/99"))
