# Reads settings with references to others.
import io

from dotenv import dotenv_values

found = dotenv_values(stream=io.StringIO("A=1\nB='x'\nC=${A}2"))
assert found == {"A": "1", "B": "x", "C": "12"}, found
