# Names what differs between documents.
from deepdiff import DeepDiff

difference = DeepDiff({"a": [1, 2]}, {"a": [1, 3], "b": 0})
assert set(difference) == {"values_changed", "dictionary_item_added"}, difference
