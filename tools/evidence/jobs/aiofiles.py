# Reads and writes files in a loop.
# threads: inline
import asyncio

import aiofiles


async def main():
    async with aiofiles.open("/tmp/text", "w") as file:
        await file.write("one\ntwo\n")
    async with aiofiles.open("/tmp/text") as file:
        assert [line async for line in file] == ["one\n", "two\n"]


asyncio.run(main())
