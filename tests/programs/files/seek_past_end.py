with open("/tmp/sparse", "wb") as file:
    file.seek(100_000)
    file.write(b"end")
with open("/tmp/sparse", "rb") as file:
    data = file.read()
print(len(data), data.count(0), data[-3:])
