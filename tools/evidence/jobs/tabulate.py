# Draws tables as text.
from tabulate import tabulate

text = tabulate([["a", 1.5], ["b", 22]], headers=["name", "n"], tablefmt="github")
assert text.splitlines()[0] == "| name   |    n |", text
