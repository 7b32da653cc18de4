"""Many lines of output through a pipe. Prints the seconds it took, last."""

import sys
import time

start = time.perf_counter()
for number in range(50_000):
    print("line", number)
sys.stdout.flush()
print(time.perf_counter() - start)
