# Changes a document and keeps its comments.
import tomlkit

document = tomlkit.parse('# top\n[a]\nb = 1 # one\n')
document["a"]["b"] = 2
assert tomlkit.dumps(document) == "# top\n[a]\nb = 2 # one\n"
