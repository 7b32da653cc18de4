# fused
# A directory that is open stays the same one when it, or one above it, is moved or removed.
import os
import stat
import sys

root = sys.argv[1] if len(sys.argv) > 1 else "/tmp"


def attempt(action, *arguments, **names):
    try:
        return action(*arguments, **names)
    except OSError as error:
        return error.strerror


def mode(path, **names):
    return oct(stat.S_IMODE(os.stat(path, **names).st_mode))


os.makedirs(f"{root}/above/here")
directory = os.open(f"{root}/above/here", os.O_RDONLY)
os.rename(f"{root}/above", f"{root}/elsewhere")
os.makedirs(f"{root}/above/here", 0o700)
os.fchmod(directory, 0o711)
print(mode(f"{root}/above/here"), mode(f"{root}/elsewhere/here"), mode(directory))
os.close(os.open("file", os.O_CREAT | os.O_WRONLY, 0o600, dir_fd=directory))
print(os.listdir(f"{root}/above/here"), os.listdir(f"{root}/elsewhere/here"), os.listdir(directory))
print(mode("file", dir_fd=directory))

os.remove(f"{root}/elsewhere/here/file")
os.rmdir(f"{root}/elsewhere/here")
os.mkdir(f"{root}/elsewhere/here")
print(stat.S_ISDIR(os.fstat(directory).st_mode), os.fstat(directory).st_nlink, os.listdir(directory))
print(attempt(os.open, "file", os.O_CREAT | os.O_WRONLY, dir_fd=directory))
print(os.listdir(f"{root}/elsewhere/here"))

replaced = os.open(f"{root}/elsewhere/here", os.O_RDONLY)
os.mkdir(f"{root}/new", 0o750)
os.rename(f"{root}/new", f"{root}/elsewhere/here")
print(mode(replaced), mode(f"{root}/elsewhere/here"))
