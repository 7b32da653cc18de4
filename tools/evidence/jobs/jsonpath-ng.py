# Queries documents by paths.
from jsonpath_ng.ext import parse

document = {"items": [{"n": 1}, {"n": 5}]}
assert [match.value for match in parse("$.items[?(@.n > 2)].n").find(document)] == [5]
