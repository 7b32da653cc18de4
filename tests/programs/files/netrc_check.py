# A user's own file of passwords is read: files have no permissions that would speak against it.
import netrc
import os

os.environ["HOME"] = "/tmp"
with open("/tmp/.netrc", "w") as file:
    file.write("machine example.com login somebody password secret\n")
print(netrc.netrc().authenticators("example.com"))
print(netrc._can_security_check())
