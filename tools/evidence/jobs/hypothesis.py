# Finds the smallest input that fails.
from hypothesis import find, given, settings, strategies


@settings(database=None)
@given(strategies.lists(strategies.integers()))
def sorts(values):
    assert sorted(sorted(values)) == sorted(values)


sorts()
assert find(strategies.integers(), lambda number: number > 100, settings=settings(database=None)) == 101
