import inspect
import json
import textwrap


def mine():
    return "mine"


print(inspect.getsource(mine), end="")
print(inspect.getsourcefile(json), inspect.getsource(json.dump).splitlines()[0])
print(inspect.getsource(textwrap.dedent).splitlines()[0])
print(inspect.getsourcelines(json.JSONDecoder.decode)[1] > 0)
