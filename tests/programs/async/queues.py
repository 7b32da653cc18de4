import asyncio


async def main():
    queue = asyncio.Queue(maxsize=2)
    lock, seen = asyncio.Lock(), []

    async def produce():
        for number in range(5):
            await queue.put(number)
        queue.shutdown()

    async def consume():
        try:
            while True:
                number = await queue.get()
                async with lock:
                    seen.append(number)
        except asyncio.QueueShutDown:
            pass

    await asyncio.gather(produce(), consume(), consume())
    print(sorted(seen))
    semaphore = asyncio.Semaphore(1)
    async with semaphore:
        print(semaphore.locked())


asyncio.run(main())
