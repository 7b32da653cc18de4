import asyncio


async def work(name, delay):
    await asyncio.sleep(delay)
    print(name)
    return name.upper()


async def main():
    print(await asyncio.gather(work("b", 0.03), work("a", 0.01)))
    task = asyncio.create_task(work("task", 0))
    print(await task, task.done())
    return "result"


print(asyncio.run(main()))
