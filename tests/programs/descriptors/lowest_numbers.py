# fused
# A new descriptor has the lowest number that is free.
import os
import socket
import tempfile

PATH = "/tmp/file"


def opened():
    return os.open(PATH, os.O_RDWR | os.O_CREAT)


print("the first", opened())
print("the next", [opened() for _ in range(4)])
for number in (5, 3, 4):
    os.close(number)
print("holes", [opened() for _ in range(3)])
os.close(4)
os.close(6)
print("duplicates", os.dup(1), os.dup(1))
os.close(4)
os.close(6)
print("a pipe", os.pipe())
os.close(3)
os.close(5)
with socket.socketpair()[0] as first:
    print("a pair", first.fileno())
with open(PATH) as file, open(PATH) as other:
    print("files", file.fileno(), other.fileno())
print("given", os.dup2(1, 20), "and after", os.dup(1), os.dup(1))
directory = os.open("/tmp", os.O_RDONLY)
print("a directory", directory, os.listdir(directory) == ["file"], os.dup(1))
with tempfile.TemporaryFile() as file:
    print("temporary", file.fileno())
os.closerange(3, 100)
print("all closed", opened())

standard = os.dup(0)
os.close(0)
print("in place of standard input", opened(), opened())
os.dup2(standard, 0)

numbers = []
try:
    while True:
        numbers.append(os.dup(1))
except OSError as error:
    print(error, len(numbers), numbers == sorted(numbers), numbers[-1])
for number in numbers[::2]:
    os.close(number)
print("every other", [os.dup(1) for _ in range(3)] == numbers[0:6:2])
