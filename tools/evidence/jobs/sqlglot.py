# Translates SQL between dialects and optimises it.
import sqlglot

assert sqlglot.transpile("SELECT IFNULL(a, 1) FROM t", read="mysql", write="postgres") == [
    "SELECT COALESCE(a, 1) FROM t"
]
assert sqlglot.parse_one("SELECT a + 1 AS b FROM t").find(sqlglot.exp.Alias).alias == "b"
