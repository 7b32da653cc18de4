# Puts a file system of its own in the place of the real one.
from pyfakefs.fake_filesystem_unittest import Patcher

with Patcher() as patcher:
    patcher.fs.create_file("/data/a.txt", contents="a")
    import os

    assert os.listdir("/data") == ["a.txt"] and open("/data/a.txt").read() == "a"
