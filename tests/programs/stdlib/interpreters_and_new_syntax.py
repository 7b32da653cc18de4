from string.templatelib import Template
from typing import assert_never

name = "world"
template = t"hello {name!r:>10}"
print(type(template) is Template, template.strings, template.interpolations[0].value)


def describe[T](value: T) -> str:
    match value:
        case {"kind": str(kind), **rest}:
            return f"{kind} {rest}"
        case [first, *_]:
            return f"list of {first}"
        case _:
            return "?"


type Pair[T] = tuple[T, T]
print(describe({"kind": "a", "n": 1}), describe([1, 2]), describe(1), Pair[int])
try:
    1 / 0
except ValueError, ZeroDivisionError:
    print("no parentheses")
