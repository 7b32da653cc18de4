# fused
# Names are bytes: those that are not UTF-8 are made, listed, moved and removed like others.
import os
import pathlib

os.chdir("/tmp")
names = [b"caf\xe9", b"\xff", b"\xed\xa0\x80", b"\xf4\x8f\xbf\xbf", b"\xc0\xaf", "gr\u00fcn".encode()]
for name in names:
    with open(name, "wb") as file:
        file.write(name)
print(sorted(os.listdir(b".")) == sorted(names), [open(name, "rb").read() == name for name in names])
print(ascii(sorted(os.listdir("."))))
print(ascii(sorted(map(str, pathlib.Path(".").rglob("*")))))
os.rename(b"\xff", b"\xfe")
os.symlink(b"\xfe", b"link\xfd")
os.link(b"\xfe", b"hard\xfc")
print(os.readlink(b"link\xfd"), open(b"link\xfd", "rb").read(), os.stat(b"hard\xfc").st_nlink)
os.makedirs(b"d\xf0/inner\xf1")
os.chdir(b"d\xf0/inner\xf1")
print(os.getcwdb(), ascii(os.getcwd()))
os.chdir("/tmp")
os.removedirs(b"d\xf0/inner\xf1")
for name in os.listdir(b"."):
    os.remove(name)
print(os.listdir("."))
open(b"\xff" * 255, "w").close()
try:
    open(b"\xff" * 256, "w")
except OSError as error:
    print(error.strerror)
