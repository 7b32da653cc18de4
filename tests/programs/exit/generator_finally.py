def numbers():
    try:
        yield 1
    finally:
        print("cleaned up")


running = numbers()
print(next(running))
