import asyncio


async def fail():
    raise ValueError("nobody looked")


async def main():
    task = asyncio.create_task(fail())
    await asyncio.sleep(0.01)


asyncio.run(main())
print("over")
