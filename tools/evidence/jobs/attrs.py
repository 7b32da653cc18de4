# Defines classes with converters, checks and order.
import attrs


@attrs.define(order=True)
class Point:
    x: int = attrs.field(converter=int, validator=attrs.validators.ge(0))
    y: int = 0


assert attrs.asdict(Point("3")) == {"x": 3, "y": 0}
assert Point(1) < Point(2) and attrs.evolve(Point(1), y=5).y == 5
try:
    Point(-1)
except ValueError:
    pass
else:
    raise AssertionError("the check did not act")
