"""Code in C and many small objects: JSON written and read. Prints the seconds it took."""

import json
import time

record = {
    "name": "first light",
    "tags": ["bake", "run", "naïve"],
    "sizes": list(range(40)),
    "nested": {"pi": 3.14159, "yes": True, "none": None, "text": "x" * 60},
}
records = [dict(record, number=number) for number in range(200)]

start = time.perf_counter()
for _ in range(20):
    text = json.dumps(records)
    again = json.loads(text)
elapsed = time.perf_counter() - start
assert again == records
print(elapsed)
