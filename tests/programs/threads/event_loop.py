# image: inline
import asyncio
import threading


async def main():
    loop = asyncio.get_running_loop()
    print(await loop.run_in_executor(None, pow, 2, 5))
    print(await asyncio.gather(*(loop.run_in_executor(None, str, n) for n in range(3))))
    try:
        await loop.run_in_executor(None, int, "x")
    except ValueError as error:
        print(error)
    print(await asyncio.to_thread(sum, [1, 2]))


asyncio.run(main())
# A thread that goes its own way is none all the same.
try:
    threading.Thread(target=print).start()
except RuntimeError as error:
    print(error)
