# fused
# Duplicates are one open file, and standard output can be redirected and restored.
import os

descriptor = os.open("/tmp/file", os.O_RDWR | os.O_CREAT)
duplicate = os.dup(descriptor)
os.write(descriptor, b"abc")
print(os.lseek(duplicate, 0, os.SEEK_CUR))
os.close(descriptor)
os.lseek(duplicate, 0, os.SEEK_SET)
print(os.read(duplicate, 9))
saved = os.dup(1)
os.dup2(duplicate, 1)
print("into the file", flush=True)
os.write(1, b"and this\n")
os.dup2(saved, 1)
os.close(saved)
print("to standard output")
os.lseek(duplicate, 0, os.SEEK_SET)
print(os.read(duplicate, 100))
print(os.dup2(duplicate, 50), os.fstat(50).st_size, os.dup2(50, 50))
os.close(50)
os.close(duplicate)
for attempt in (
    lambda: os.fstat(duplicate),
    lambda: os.dup(99),
    lambda: os.dup2(99, 5),
    lambda: os.dup2(1, -1),
    lambda: os.dup2(1, 1 << 20),
):
    try:
        attempt()
    except OSError as error:
        print(error)
for round in range(3):
    numbers = [os.dup(1) for _ in range(100)]
    os.closerange(min(numbers), max(numbers) + 1)
print(len(set(numbers)))
