import os

try:
    copy = os.dup(1)
    os.write(copy, b"copied\n")
except (OSError, AttributeError) as error:
    print(type(error).__name__, error)
