with open("/dev/stdout", "w") as file:
    file.write("to /dev/stdout\n")
with open("/dev/stderr", "w") as file:
    file.write("to /dev/stderr\n")
