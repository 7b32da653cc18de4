# fused
# Pipes work within the one process that there is.
import os
import select

read, write = os.pipe()
print(os.write(write, b"hello"), os.read(read, 100))
print(select.select([read], [write], [], 0) == ([], [write], []))
os.write(write, b"x")
print(select.select([read], [], [], 1) == ([read], [], []), os.read(read, 1))
# Nobody else could ever write: what would wait for ever fails.
try:
    os.read(read, 1)
except OSError as error:
    print(error)
os.set_blocking(read, False)
try:
    os.read(read, 1)
except BlockingIOError as error:
    print(error)
os.close(write)
print(os.read(read, 1))
os.close(read)
read, write = os.pipe()
os.close(read)
try:
    os.write(write, b"1")
except BrokenPipeError as error:
    print(error)
os.close(write)
read, write = os.pipe()
with os.fdopen(write, "w") as file:
    file.write("text\n" * 100_000)
with os.fdopen(read) as file:
    print(len(file.read()))
read, write = os.pipe2(os.O_NONBLOCK)
print(os.write(write, bytes(1 << 20)), len(os.read(read, 1 << 20)))
for attempt in (
    lambda: os.lseek(read, 0, os.SEEK_CUR),
    lambda: os.write(read, b"x"),
    lambda: os.read(write, 1),
    lambda: os.ftruncate(write, 0),
):
    try:
        attempt()
    except OSError as error:
        print(error.strerror)
