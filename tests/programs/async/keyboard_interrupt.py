import asyncio


async def main():
    try:
        await asyncio.sleep(0)
        raise KeyboardInterrupt
    finally:
        print("finally")


asyncio.run(main())
