# fused
# Files have modes, and creation modes, the mask and chmod are heeded.
import os
import shutil
import stat
import tempfile


def mode(path):
    return stat.filemode(os.lstat(path).st_mode)


os.chdir("/tmp")
print(mode("/tmp"), mode("/usr/lib/python3.14/os.py"), mode("/usr/lib"), mode("/dev/null"))
os.makedirs("folder/inner")
open("file", "w").close()
print(mode("folder/inner"), mode("file"))
descriptor = os.open("private", os.O_CREAT | os.O_WRONLY, 0o600)
print(mode("private"), oct(os.fstat(descriptor).st_mode))
os.fchmod(descriptor, 0o4755)
print(mode("private"))
os.mkdir("hidden", 0o700)
print(mode("hidden"))
print(oct(os.umask(0o077)))
open("masked", "w").close()
os.mkdir("masked folder")
print(mode("masked"), mode("masked folder"), oct(os.umask(0)))
open("open to all", "w").close()
print(mode("open to all"), oct(os.umask(0o022)))
os.chmod("file", 0o640)
shutil.copy("file", "copied")
shutil.copymode("private", "masked")
print(mode("file"), mode("copied"), mode("masked"))
os.symlink("file", "link")
os.chmod("link", 0o604)
print(mode("link"), mode("file"))
folder = os.open("folder", os.O_RDONLY)
os.chmod("inner", 0o711, dir_fd=folder)
os.chmod(folder, 0o750)
print(mode("folder"), mode("folder/inner"))
with tempfile.NamedTemporaryFile() as file, tempfile.TemporaryDirectory() as directory:
    print(mode(file.name), mode(directory))
for attempt in (
    lambda: os.chmod("/usr/lib/python3.14/os.py", 0o777),
    lambda: os.chmod("missing", 0o777),
    lambda: os.chmod("/dev/null", 0o777),
    lambda: os.chmod("", 0o777),
    lambda: os.fchmod(99, 0o777),
):
    try:
        attempt()
        print("changed")
    except OSError as error:
        print(error)
print([os.access("/usr/lib/python3.14/os.py", wanted) for wanted in (os.F_OK, os.R_OK, os.W_OK, os.X_OK)])
print([os.access("private", wanted) for wanted in (os.F_OK, os.R_OK, os.W_OK, os.X_OK)])
print([stat.filemode(os.fstat(stream).st_mode) for stream in (0, 1, 2)])
