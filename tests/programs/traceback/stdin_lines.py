# as: stdin
def inner(value):
    return value["key"]["other"]


inner({"key": None})
