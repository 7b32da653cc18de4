# Formats source text.
import black

formatted = black.format_str("x = {  'a':1 }\ndef f(a,):\n  return   a", mode=black.Mode())
assert formatted == 'x = {"a": 1}\n\n\ndef f(\n    a,\n):\n    return a\n', formatted
