# Computes with many digits.
import mpmath

mpmath.mp.dps = 40
assert str(mpmath.zeta(3))[:22] == "1.20205690315959428539"
assert abs(mpmath.quad(mpmath.sin, [0, mpmath.pi]) - 2) < mpmath.mpf(10) ** -35
assert mpmath.findroot(lambda x: x**2 - 2, 1).ae(mpmath.sqrt(2))
