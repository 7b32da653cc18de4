import os

for number in range(2000):
    with open(f"/tmp/{number}", "w") as file:
        file.write(str(number))
names = os.listdir("/tmp")
print(len(names), sum(int(open(f"/tmp/{name}").read()) for name in names))
opened = [open(f"/tmp/{number}") for number in range(1000)]
print(len({file.fileno() for file in opened}))
