# Inserts records, searches and transforms a table.
import sqlite_utils

database = sqlite_utils.Database("/tmp/dogs.db")
dogs = database["dogs"]
dogs.insert_all([{"id": 1, "name": "Cleo", "age": 4}, {"id": 2, "name": "Pancakes", "age": 3}], pk="id")
assert dogs.count == 2
assert [row["name"] for row in dogs.rows_where("age > ?", [3])] == ["Cleo"]
dogs.upsert({"id": 2, "name": "Pancakes", "age": 5}, pk="id")
dogs.transform(rename={"age": "years"})
assert dogs.get(2)["years"] == 5
dogs.enable_fts(["name"])
assert [row["id"] for row in dogs.search("pancakes")] == [2]
