# fused
# run: --scratch 16MiB
# Programs can find out how much room there is.
import os
import shutil

usage = shutil.disk_usage("/tmp")
print(usage.total, usage.free <= usage.total, usage.used < 1 << 20)
with open("/tmp/file", "wb") as file:
    file.write(bytes(4 << 20))
    print(shutil.disk_usage("/tmp").free < usage.free - (4 << 20) + 1)
    print(os.fstatvfs(file.fileno()).f_bfree == os.statvfs("/tmp").f_bfree)
image = os.statvfs("/usr")
print(image.f_bfree, image.f_flag & os.ST_RDONLY, os.statvfs("/tmp").f_flag & os.ST_RDONLY)
print(len(image), image.f_namemax, os.statvfs("/tmp").f_fsid != image.f_fsid)
