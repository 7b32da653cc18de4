import os
import shutil
import tempfile

os.makedirs("/tmp/a/b/c", exist_ok=True)
with open("/tmp/a/one", "w") as file:
    file.write("0123456789")
with open("/tmp/a/one", "a") as file:
    file.write("abc")
with open("/tmp/a/one", "r+b") as file:
    file.seek(2)
    file.write(b"--")
    file.seek(-2, os.SEEK_END)
    print(file.read(), file.tell())
    file.truncate(5)
print(open("/tmp/a/one").read(), os.path.getsize("/tmp/a/one"))
os.rename("/tmp/a/one", "/tmp/a/two")
os.replace("/tmp/a/two", "/tmp/a/b/three")
print(sorted((root, folders, files) for root, folders, files in os.walk("/tmp/a")))
shutil.copytree("/tmp/a", "/tmp/copy")
print([(entry.name, entry.is_dir(), entry.is_symlink()) for entry in os.scandir("/tmp/copy")])
shutil.move("/tmp/copy", "/tmp/moved")
shutil.rmtree("/tmp/a")
print(os.path.exists("/tmp/a"), os.listdir("/tmp"), open("/tmp/moved/b/three").read())
print(os.path.samefile("/tmp/moved/b/three", "/tmp/moved/../moved/b/three"))
with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile(dir=folder) as named:
    named.write(b"x")
    named.flush()
    print(folder.startswith("/tmp/"), os.path.getsize(named.name))
with tempfile.TemporaryFile() as file:
    file.write(b"unnamed")
    file.seek(0)
    print(file.read())
with tempfile.SpooledTemporaryFile(max_size=1) as file:
    file.write(b"spooled")
    file.seek(0)
    print(file.read())
