# Computes with units.
import pint

units = pint.UnitRegistry()
speed = (100 * units.kilometre) / (2 * units.hour)
assert round(speed.to("m/s").magnitude, 3) == 13.889
