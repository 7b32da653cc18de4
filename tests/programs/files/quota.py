# fused
# run: --scratch 1MiB
import errno
import os

try:
    with open("/tmp/big", "wb") as file:
        for _ in range(100):
            file.write(bytes(64 << 10))
except OSError as error:
    print(errno.errorcode[error.errno], error)
print(os.path.getsize("/tmp/big") <= 1 << 20)
os.remove("/tmp/big")
with open("/tmp/small", "wb") as file:
    file.write(bytes(512 << 10))
print(os.path.getsize("/tmp/small"))
try:
    os.truncate("/tmp/small", 1 << 40)
    print("sparse")
except OSError as error:
    print(errno.errorcode[error.errno])
