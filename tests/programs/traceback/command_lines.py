# as: command
def inner(value):
    return [1, 2, 3][value] + value


inner(7)
