# image: inline
import multiprocessing
from multiprocessing.dummy import Pool as DummyPool
from multiprocessing.pool import ThreadPool

ready = []
with ThreadPool(4, ready.append, ("initialised",)) as pool:
    print(pool.map(abs, [-1, 2, -3]), ready)
    print(list(pool.imap(abs, [-1, -2])), sorted(pool.imap_unordered(abs, [-1, -2])))
    print(pool.starmap(pow, [(2, 3), (3, 2)]), pool.apply(max, (1, 5)))
    result = pool.apply_async(divmod, (7, 2), callback=lambda value: print("called back", value))
    print(result.ready(), result.successful(), result.get())
    failed = pool.apply_async(lambda: 1 / 0, error_callback=lambda error: print("failed", error))
    try:
        failed.get()
    except ZeroDivisionError as error:
        print(error)
    try:
        pool.map(int, ["1", "x"])
    except ValueError as error:
        print(error)
    try:
        pool.join()
    except ValueError as error:
        print(error)
try:
    pool.map(abs, [1])
except ValueError as error:
    print(error)
pool = DummyPool()
print(pool.map(abs, (number for number in range(-3, 0))), list(pool.imap(abs, [], chunksize=2)))
pool.close()
pool.join()
for start in (lambda: ThreadPool(0), multiprocessing.Pool):
    try:
        start()
    except (ValueError, OSError) as error:
        print(type(error).__name__, error)
