# run: -w /tmp
import os
import sys

print(os.getcwd(), sys.path[0])
os.mkdir("inner")
os.chdir("inner")
open("file", "w").close()
print(os.getcwd(), os.listdir(), os.path.abspath("file"), os.path.realpath(".."))
os.chdir("/")
print(os.listdir("tmp"), os.getcwd())
try:
    os.chdir("nowhere")
except OSError as error:
    print(error)
