values = {"a": {"b": None}}
result = (
    values["a"]["b"]["c"]
    + 1
)
