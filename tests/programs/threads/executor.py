# image: inline
# A pool of threads runs each task when it is submitted.
import contextvars
from concurrent.futures import ThreadPoolExecutor, as_completed, wait

ready = []
with ThreadPoolExecutor(2, initializer=ready.append, initargs=("initialised",)) as pool:
    future = pool.submit(pow, 2, 10)
    print(future.done(), future.cancel(), future.result(), ready)
    print(list(pool.map(lambda number: number * number, range(5))))
    failed = pool.submit(lambda: 1 / 0)
    print(type(failed.exception()).__name__, failed.cancelled())
    print(sorted(f.result() for f in as_completed([pool.submit(str, 1), pool.submit(str, 2)])))
    print(len(wait([pool.submit(print, "printed")]).done), ready)
    # A task that submits one itself.
    print(pool.submit(lambda: pool.submit(len, "four").result() + 1).result())
    future.add_done_callback(lambda done: print("called back", done.result()))
for use in (lambda: pool.submit(print), lambda: list(pool.map(print, [1]))):
    try:
        use()
    except RuntimeError as error:
        print(error)


def fail():
    raise ValueError("not ready")


import logging

logging.getLogger("concurrent.futures").disabled = True
broken = ThreadPoolExecutor(initializer=fail)
print(type(broken.submit(print).exception()).__name__)
try:
    broken.submit(print)
except Exception as error:
    print(type(error).__name__)


def interrupt():
    raise KeyboardInterrupt


try:
    ThreadPoolExecutor().submit(interrupt)
except KeyboardInterrupt:
    print("interrupted")
variable = contextvars.ContextVar("variable", default=0)
variable.set(1)
print(ThreadPoolExecutor().submit(variable.get).result())
