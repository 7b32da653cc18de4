# as: module asyncio
# stdin: print("first")
# stdin: x = await asyncio.sleep(0.01, 5)
# stdin: x + 1
# stdin: async def double(n):
# stdin:     return 2 * n
# stdin:
# stdin: await double(x)
# stdin: task = asyncio.create_task(double(8))
# stdin: asyncio.get_running_loop().is_running()
# stdin: await task
# stdin: 1 / 0
# stdin: exit(3)
# stdin: print("never")
