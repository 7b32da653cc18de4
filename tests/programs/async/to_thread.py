import asyncio
import contextvars

variable = contextvars.ContextVar("variable")


def task(first, *, second):
    seen = variable.get()
    variable.set("changed")
    print("runs", first, second)
    return seen


async def other():
    print("another task goes first")


async def main():
    # What is awaited at once needs no thread.
    variable.set("kept")
    rival = asyncio.create_task(other())
    print(await asyncio.to_thread(task, 1, second=2), variable.get())
    await rival
    try:
        await asyncio.to_thread(int, "x")
    except ValueError as error:
        print(error)
    print(await asyncio.gather(*(asyncio.to_thread(str, number) for number in range(3))))
    # A pool does, unless the image was baked otherwise.
    for make in (
        lambda: asyncio.get_running_loop().run_in_executor(None, print),
        lambda: asyncio.open_connection("a.name.that.needs.resolving", 9),
    ):
        try:
            await make()
        except (RuntimeError, OSError) as error:
            print(isinstance(error, (RuntimeError, OSError)))


# What was caught is over: the end of the loop does not fail again.
asyncio.run(main())
print("over")
