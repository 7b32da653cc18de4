class Resource:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("released", self.name)


kept = Resource("global")
cycle = Resource("cycle")
cycle.itself = cycle
_private = Resource("private")


def main():
    local = Resource("local")


main()
print("end of program")
