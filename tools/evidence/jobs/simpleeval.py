# Evaluates what users type, and nothing else.
from simpleeval import FeatureNotAvailable, simple_eval

assert simple_eval("a * 2 + max(1, 3)", names={"a": 4}, functions={"max": max}) == 11
try:
    simple_eval("().__class__")
except FeatureNotAvailable:
    pass
else:
    raise AssertionError("it was evaluated")
