import asyncio

loop = asyncio.new_event_loop()
loop.call_later(0.02, print, "second")
loop.call_soon(print, "first")
loop.call_soon_threadsafe(print, "also first")
loop.call_later(0.04, loop.stop)
loop.run_forever()
print(loop.is_running(), loop.run_until_complete(asyncio.sleep(0, "again")))
loop.close()
