# fused
# A link and what it leads to are one file.
import os
import shutil

os.chdir("/tmp")
with open("file", "w") as file:
    file.write("text")
os.symlink("file", "link")
os.symlink("link", "link to link")
print(os.path.samefile("file", "link"), os.path.samefile("file", "link to link"))
os.symlink("nowhere", "dangling")
print(os.path.lexists("dangling"), os.path.exists("dangling"), os.lstat("dangling").st_ino != 0)
with open("link") as file:
    print(os.path.sameopenfile(file.fileno(), os.open("file", os.O_RDONLY)))
try:
    shutil.copyfile("file", "link")
except shutil.SameFileError:
    print("refused")
os.mkdir("folder")
os.symlink("folder", "link to folder")
print(os.path.samefile("folder", "link to folder"), os.path.samefile("folder", "."))
