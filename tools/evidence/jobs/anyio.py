# Runs tasks side by side, with limits and streams.
import anyio


async def main():
    send, receive = anyio.create_memory_object_stream(5)
    async with anyio.create_task_group() as group, send, receive:
        group.start_soon(send.send, 1)
        assert await receive.receive() == 1
    with anyio.move_on_after(0.01) as scope:
        await anyio.sleep(10)
    assert scope.cancelled_caught
    assert await anyio.to_thread.run_sync(lambda: 42) == 42


anyio.run(main)
