# Reads settings with references to others.
import io

from dotenv import dotenv_values

assert dotenv_values(stream=io.StringIO("A=1\nB='x ${A}'\nC=${A}2")) == {"A": "1", "B": "x ${A}", "C": "12"}
