# fused
# A user's own file of passwords is read when nobody else may read it.
import netrc
import os

os.environ["HOME"] = "/tmp"
with open("/tmp/.netrc", "w") as file:
    file.write("machine example.com login somebody password secret\n")
os.chmod("/tmp/.netrc", 0o600)
print(netrc.netrc().authenticators("example.com"))
os.chmod("/tmp/.netrc", 0o644)
try:
    netrc.netrc()
except netrc.NetrcParseError as error:
    print(error.msg)
