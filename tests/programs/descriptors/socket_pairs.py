# fused
# The two sockets of a pair can be in one process.
import asyncio
import os
import socket
import stat

first, second = socket.socketpair()
first.sendall(b"hi" * 100_000)
print(len(second.recv(1 << 20)), stat.S_ISSOCK(os.fstat(first.fileno()).st_mode))
second.send(b"back")
print(first.recv(2, socket.MSG_PEEK), first.recv(10))
first.settimeout(0.01)
try:
    first.recv(1)
except TimeoutError as error:
    print(error)
first.shutdown(socket.SHUT_WR)
print(second.recv(1))
first.close()
try:
    second.send(b"x")
except BrokenPipeError as error:
    print(error)
second.close()


async def main():
    reader, writer = socket.socketpair()
    reader.setblocking(False)
    writer.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(writer, b"sent")
    print(await loop.sock_recv(reader, 10))
    ready = asyncio.Event()
    loop.add_reader(reader, ready.set)
    loop.call_later(0.01, writer.send, b"later")
    await ready.wait()
    print(reader.recv(10))
    loop.remove_reader(reader)
    reader.close()
    writer.close()


asyncio.run(main())
