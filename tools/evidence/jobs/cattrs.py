# Turns dictionaries into typed objects and back.
from dataclasses import dataclass

import cattrs


@dataclass
class Item:
    name: str
    tags: list[int]


item = cattrs.structure({"name": "a", "tags": ["1", 2]}, Item)
assert item == Item("a", [1, 2]) and cattrs.unstructure(item)["tags"] == [1, 2]
