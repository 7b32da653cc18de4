# Solves, differentiates, integrates and prints.
import sympy

x, y = sympy.symbols("x y")
assert sympy.solve(x**2 - 5 * x + 6, x) == [2, 3]
assert sympy.solve([x + y - 3, x - y - 1], [x, y]) == {x: 2, y: 1}
assert sympy.diff(sympy.sin(x) * x, x) == x * sympy.cos(x) + sympy.sin(x)
assert sympy.integrate(sympy.exp(-(x**2)), (x, -sympy.oo, sympy.oo)) == sympy.sqrt(sympy.pi)
assert sympy.factor(x**3 - 1) == (x - 1) * (x**2 + x + 1)
assert sympy.Matrix([[2, 1], [1, 3]]).det() == 5
assert sympy.latex(sympy.Rational(1, 2)) == r"\frac{1}{2}"
assert str(sympy.pi.evalf(30)) == "3.14159265358979323846264338328"
