# Runs tasks side by side in its own loop.
import trio


async def main():
    found = []

    async def work(number):
        await trio.sleep(0.001 * number)
        found.append(number)

    async with trio.open_nursery() as nursery:
        for number in (3, 1, 2):
            nursery.start_soon(work, number)
    assert found == [1, 2, 3]


trio.run(main)
