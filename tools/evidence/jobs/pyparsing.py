# Reads nested lists by a grammar.
import pyparsing as pp

expression = pp.Forward()
atom = pp.common.integer | pp.Word(pp.alphas)
expression <<= atom | pp.Group(pp.Suppress("(") + pp.ZeroOrMore(expression) + pp.Suppress(")"))
assert expression.parse_string("(a 1 (b 2))").as_list() == [["a", 1, ["b", 2]]]
