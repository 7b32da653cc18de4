# Formats and splits SQL.
import sqlparse

assert sqlparse.format("select a from b", keyword_case="upper") == "SELECT a FROM b"
assert len(sqlparse.split("select 1; select 2;")) == 2
