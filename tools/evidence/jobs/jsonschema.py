# Validates documents and names what is wrong. Newer versions need native code.
# requires: jsonschema<4.18
import jsonschema

schema = {
    "type": "object",
    "properties": {"age": {"type": "integer", "minimum": 0}},
    "required": ["age"],
}
jsonschema.validate({"age": 3}, schema)
validator = jsonschema.Draft7Validator(schema)
assert validator.is_valid({"age": 3})
errors = sorted(error.message for error in validator.iter_errors({"age": -1}))
assert errors == ["-1 is less than the minimum of 0"], errors
assert [error.validator for error in validator.iter_errors({})] == ["required"]
