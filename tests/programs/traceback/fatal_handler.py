import faulthandler


def here():
    with open("/tmp/dump", "w+") as file:
        faulthandler.dump_traceback(file=file)
        file.seek(0)
        print("".join(file.readlines()[1:]), end="")


here()
