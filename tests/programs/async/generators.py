import asyncio
import contextlib


@contextlib.asynccontextmanager
async def resource():
    print("open")
    yield "value"
    print("close")


async def numbers():
    try:
        for number in range(10):
            await asyncio.sleep(0)
            yield number
    finally:
        print("generator closed")


async def main():
    async with resource() as value:
        print(value)
    print([number async for number in numbers()][-1])
    async for number in numbers():
        break


asyncio.run(main())
