import os

file = open("/tmp/x", "w+")
file.write("still here")
os.remove("/tmp/x")
file.seek(0)
print(file.read(), os.listdir("/tmp"))
