import sys

print("\udc80", file=sys.stderr)
try:
    print("\udc80")
except UnicodeEncodeError as error:
    print(error)
print(sys.stdout.encoding, sys.stdout.errors, sys.stderr.encoding, sys.stderr.errors)
print(sys.stdin.encoding, sys.stdin.errors, sys.getfilesystemencoding(), sys.getdefaultencoding())
