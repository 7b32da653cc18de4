# Loads and checks documents by a schema.
from marshmallow import Schema, ValidationError, fields


class User(Schema):
    name = fields.Str(required=True)
    born = fields.Date()


assert User().load({"name": "Ada", "born": "1815-12-10"})["born"].year == 1815
try:
    User().load({"born": "?"})
except ValidationError as error:
    assert set(error.messages) == {"name", "born"}
else:
    raise AssertionError("the schema did not act")
