import asyncio


async def main():
    for make in (
        lambda: asyncio.to_thread(print, 1),
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
