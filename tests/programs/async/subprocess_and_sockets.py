import asyncio


async def main():
    for make in (
        lambda: asyncio.create_subprocess_exec("true"),
        lambda: asyncio.open_connection("127.0.0.1", 9),
        lambda: asyncio.start_server(lambda *_: None, "127.0.0.1", 0),
    ):
        try:
            await make()
        except (OSError, NotImplementedError) as error:
            print(isinstance(error, OSError), type(error).__module__)


asyncio.run(main())
