import time

start, wall, counter, cpu = time.monotonic(), time.time(), time.perf_counter(), time.process_time()
time.sleep(0.05)
print(time.monotonic() - start >= 0.05, time.time() - wall > 0.04, time.perf_counter() - counter >= 0.05)
print(time.time() > 1_700_000_000, time.time_ns() // 10**9 - int(time.time()) in (-1, 0, 1))
print(time.get_clock_info("monotonic").monotonic, time.process_time() >= cpu)
try:
    time.sleep(-1)
except ValueError as error:
    print(error)
time.sleep(0)
