import os

for name in ("日本.txt", "with space", "-dash", "new\nline", ".hidden", "q'uote", "a" * 255):
    open(f"/tmp/{name}", "w").close()
print(sorted(os.listdir("/tmp")) == sorted(["日本.txt", "with space", "-dash", "new\nline", ".hidden", "q'uote", "a" * 255]))
