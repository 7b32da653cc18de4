# Stores and queries documents in a file.
from tinydb import Query, TinyDB

database = TinyDB("/tmp/documents.json")
database.insert_multiple([{"n": 1}, {"n": 2}])
assert database.search(Query().n > 1) == [{"n": 2}]
