"""The regular expression engine. Prints the seconds it took."""

import re
import time

TEXT = " ".join(
    f"user{number}@host{number % 7}.example [2026-11-{number % 28 + 1:02}] 10.0.{number % 9}.{number % 200}"
    for number in range(2_000)
)
PATTERNS = [
    re.compile(r"\b[\w.]+@[\w.]+\.example\b"),
    re.compile(r"\[(\d{4})-(\d{2})-(\d{2})\]"),
    re.compile(r"(?:\d{1,3}\.){3}\d{1,3}"),
]

start = time.perf_counter()
found = 0
for _ in range(8):
    for pattern in PATTERNS:
        found += sum(1 for _ in pattern.finditer(TEXT))
elapsed = time.perf_counter() - start
assert found == 8 * 3 * 2_000, found
print(elapsed)
