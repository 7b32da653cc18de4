import os

print(os.getcwd(), os.listdir(), open("working_folder_default.py").readline(), end="")
try:
    open("new", "w")
except OSError as error:
    print(error)
