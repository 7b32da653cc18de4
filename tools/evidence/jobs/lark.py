# Reads arithmetic by a grammar.
from lark import Lark, Transformer, v_args

GRAMMAR = """
?sum: product | sum "+" product -> add
?product: atom | product "*" atom -> mul
?atom: NUMBER -> number | "(" sum ")"
%import common.NUMBER
%ignore " "
"""


@v_args(inline=True)
class Calculate(Transformer):
    from operator import add, mul

    number = float


assert Lark(GRAMMAR, parser="lalr", start="sum", transformer=Calculate()).parse("2 * (3 + 4)") == 14
