# Queries documents by expressions.
import jmespath

document = {"people": [{"name": "a", "age": 30}, {"name": "b", "age": 20}]}
assert jmespath.search("sort_by(people, &age)[*].name", document) == ["b", "a"]
