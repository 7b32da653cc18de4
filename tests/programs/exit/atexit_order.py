import atexit


class Broken:
    def __call__(self):
        raise ValueError("in an exit handler")

    def __repr__(self):
        return "<broken>"


atexit.register(print, "first registered, last called")
atexit.register(Broken())
atexit.register(print, "last registered, first called")
print("the program")
