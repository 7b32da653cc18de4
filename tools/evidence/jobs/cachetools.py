# Forgets what is least used or too old.
import cachetools

cache = cachetools.LRUCache(maxsize=2)
cache.update(a=1, b=2)
cache["a"]
cache["c"] = 3
assert sorted(cache) == ["a", "c"]
