"""Lists and small integers: the most flips that any permutation needs. Prints the seconds it took."""

import time
from itertools import permutations


def flips_of(permutation):
    cards = list(permutation)
    flips = 0
    while first := cards[0]:
        cards[: first + 1] = cards[first::-1]
        flips += 1
    return flips


start = time.perf_counter()
most = max(flips_of(permutation) for permutation in permutations(range(8)))
elapsed = time.perf_counter() - start
assert most == 22, most
print(elapsed)
