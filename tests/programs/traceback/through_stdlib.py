import json

json.loads('{"a": tru}')
