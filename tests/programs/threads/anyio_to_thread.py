# image: inline
# A function that anyio hands to a thread runs in place, after other tasks have had a turn.
import contextvars
import threading

import anyio
from anyio import to_thread

name = contextvars.ContextVar("name")


def work(number, *more):
    print("works", number, more, name.get(), threading.current_thread() is threading.main_thread())
    name.set("changed")
    return number * 2


async def other():
    print("another task had a turn")


async def main():
    name.set("set")
    async with anyio.create_task_group() as group:
        group.start_soon(other)
        print(await to_thread.run_sync(work, 21, "more"))
    print(name.get())
    try:
        await to_thread.run_sync(int, "x")
    except ValueError as error:
        print(error)
    limiter = anyio.CapacityLimiter(1)
    print(await to_thread.run_sync(lambda: limiter.borrowed_tokens, limiter=limiter))
    print(limiter.borrowed_tokens)
    with anyio.move_on_after(0) as scope:
        await to_thread.run_sync(print, "is never called")
    print(scope.cancelled_caught)
    async with await anyio.open_file("/tmp/note.txt", "w") as file:
        await file.write("written")
    print(await anyio.Path("/tmp/note.txt").read_text())


anyio.run(main)
