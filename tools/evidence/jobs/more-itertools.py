# Cuts, spreads and windows.
import more_itertools

assert list(more_itertools.chunked(range(5), 2)) == [[0, 1], [2, 3], [4]]
assert list(more_itertools.sliding_window("abcd", 3)) == [tuple("abc"), tuple("bcd")]
assert more_itertools.one([1]) == 1
