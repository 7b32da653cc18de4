# Groups, composes and merges.
import toolz

assert toolz.groupby(len, ["a", "b", "cc"]) == {1: ["a", "b"], 2: ["cc"]}
assert toolz.pipe([1, 2, 3], toolz.curried.map(lambda x: x + 1), sum) == 9
