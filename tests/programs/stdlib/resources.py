import importlib.metadata
import importlib.resources
import importlib.util
import pkgutil

print(importlib.util.find_spec("json.decoder").origin)
print(importlib.resources.files("json").joinpath("__init__.py").read_text()[:3])
print(sorted(module.name for module in pkgutil.iter_modules(importlib.import_module("json").__path__)))
print(pkgutil.get_data("json", "tool.py")[:2], list(importlib.metadata.distributions()))
try:
    importlib.metadata.version("nothing")
except importlib.metadata.PackageNotFoundError as error:
    print(error)
