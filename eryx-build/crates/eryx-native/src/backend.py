# Calls one hook of a build backend (PEP 517): the first argument is a JSON file that says which, the
# answer is written beside it.
import importlib
import json
import os
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    task = json.load(file)
sys.argv[:] = [sys.executable]
os.chdir(task["source"])
sys.path[:0] = [os.path.join(task["source"], path) for path in task["backend-path"]]
name, _, attributes = task["backend"].partition(":")
backend = importlib.import_module(name)
for attribute in filter(None, attributes.split(".")):
    backend = getattr(backend, attribute)
settings = task["settings"] or None
if task["hook"] == "requires":
    hook = getattr(backend, "get_requires_for_build_wheel", None)
    result = list(hook(settings)) if hook else []
else:
    result = backend.build_wheel(task["output"], settings)
with open(task["answer"], "w", encoding="utf-8") as file:
    json.dump(result, file)
