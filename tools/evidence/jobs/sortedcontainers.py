# Keeps order while it changes.
from sortedcontainers import SortedDict, SortedList

numbers = SortedList([3, 1, 2])
numbers.add(0)
assert list(numbers.irange(1, 2)) == [1, 2] and numbers.bisect(2) == 3
assert SortedDict({"b": 1, "a": 2}).peekitem(0) == ("a", 2)
