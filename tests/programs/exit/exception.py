def divide(a, b):
    return a / b + (
        a // b
    )


print("before")
divide(1, 0)
