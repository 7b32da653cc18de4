# Writes, lists and copies between file systems in memory and on disk.
import fsspec

memory = fsspec.filesystem("memory")
with memory.open("/a/b.txt", "w") as file:
    file.write("hello")
assert memory.ls("/a", detail=False) == ["/a/b.txt"]
local = fsspec.filesystem("file")
local.makedirs("/tmp/fsspec", exist_ok=True)
with fsspec.open("/tmp/fsspec/c.txt.gz", "wt", compression="gzip") as file:
    file.write("packed")
with fsspec.open("/tmp/fsspec/c.txt.gz", "rt", compression="infer") as file:
    assert file.read() == "packed"
assert memory.cat("/a/b.txt") == b"hello"
mapper = fsspec.get_mapper("memory://store")
mapper["key"] = b"value"
assert list(mapper) == ["key"]
