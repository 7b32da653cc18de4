# stdin: through the file system
with open("/dev/stdin") as file:
    print(file.read(), end="")
