# fused
# Open directories are listed and walked.
import os

os.makedirs("/tmp/top/inner")
open("/tmp/top/file", "w").close()
os.symlink("inner", "/tmp/top/link")
descriptor = os.open("/tmp/top", os.O_RDONLY)
print(sorted(os.listdir(descriptor)), sorted(os.listdir(descriptor)))
with os.scandir(descriptor) as entries:
    for entry in sorted(entries, key=lambda entry: entry.name):
        print(entry.name, entry.is_dir(), entry.is_dir(follow_symlinks=False), entry.is_file(), entry.is_symlink())
for path, directories, files, at in os.fwalk("/tmp/top"):
    print(path, sorted(directories), sorted(files), os.path.samestat(os.stat(at), os.stat(path)))
print([path for path, *_ in os.fwalk(b"/tmp/top", topdown=False)])
print([(path, files) for path, _, files, _ in os.fwalk("top", dir_fd=os.open("/tmp", os.O_RDONLY))])
for attempt in (lambda: os.listdir(99), lambda: os.listdir(os.open("/tmp/top/file", os.O_RDONLY))):
    try:
        attempt()
    except OSError as error:
        print(error.strerror)
