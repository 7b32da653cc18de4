import os

print(sorted(os.listdir("/")))
for path in ("/etc/passwd", "/proc/self/environ", "/home", "/root", "/work/../etc", "/../../etc/passwd",
             "/tmp/../../etc/hosts", "/dev/../../../etc/hosts", "/sys", "/var"):
    print(path, os.path.exists(path))
print(sorted(os.listdir("/dev")))
print(len(open("/dev/urandom", "rb").read(16)), open("/dev/zero", "rb").read(4))
