import asyncio
import time


async def main():
    start = time.monotonic()
    try:
        async with asyncio.timeout(0.02):
            await asyncio.sleep(60)
    except TimeoutError:
        print("timeout")
    try:
        await asyncio.wait_for(asyncio.Event().wait(), 0.02)
    except TimeoutError:
        print("wait_for")
    print(time.monotonic() - start < 30)
    done, pending = await asyncio.wait([asyncio.create_task(asyncio.sleep(60))], timeout=0.01)
    print(len(done), len(pending))


asyncio.run(main())
