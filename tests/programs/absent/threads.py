import _thread
import concurrent.futures
import threading

for start in (
    lambda: threading.Thread(target=print).start(),
    lambda: _thread.start_new_thread(print, ()),
    lambda: threading.Timer(1, print).start(),
    lambda: concurrent.futures.ThreadPoolExecutor().submit(print),
):
    try:
        start()
    except RuntimeError as error:
        print(type(error).__name__, error)
print(threading.current_thread().name, threading.active_count(), threading.main_thread().is_alive())
lock = threading.Lock()
with lock:
    print(lock.locked(), lock.acquire(blocking=False))
local = threading.local()
local.value = 1
condition = threading.Event()
print(condition.wait(0.01), local.value)
