# Imports every module at the top of an installed package, and writes what came of it as JSON:
#
#     import_package.py NAME REPORT
import importlib
import importlib.metadata
import json
import platform
import sys

SKIPPED = {"test", "tests", "testing", "doc", "docs", "example", "examples", "benchmarks", "scripts"}


def top_modules(files):
    """The first module on the way to each file. A folder without `__init__.py` is a namespace, whose
    import says nothing, so it is what lies in it that counts."""
    paths = {tuple(file.parts) for file in files}
    packages = {path[:-1] for path in paths if path[-1] == "__init__.py"}
    found = set()
    for path in paths:
        if not path[-1].endswith((".py", ".so")) or path[0].endswith((".dist-info", ".data")):
            continue
        lengths = range(1, len(path))
        package = next((path[:length] for length in lengths if path[:length] in packages), None)
        found.add(package or (*path[:-1], path[-1].split(".")[0]))
    modules = {parts for parts in found if all(part.isidentifier() for part in parts)}
    modules = {parts for parts in modules if not SKIPPED.intersection(parts)}
    public = {parts for parts in modules if not any(part.startswith("_") for part in parts)}
    return sorted(".".join(parts) for parts in public or modules)


def described(error):
    """An exception and what led to it, the deepest last."""
    chain = []
    while error is not None and len(chain) < 20:
        name = getattr(error, "name", None) if isinstance(error, ImportError) else None
        top = (name or "").partition(".")[0]
        chain.append(
            {
                "type": type(error).__name__,
                "message": str(error)[:500],
                "module": name if isinstance(error, ModuleNotFoundError) else None,
                "standard": top in sys.stdlib_module_names,
            }
        )
        error = error.__cause__ or error.__context__
    return chain


def main(name, report):
    modules = top_modules(importlib.metadata.files(name) or [])
    failures = []
    for module in modules:
        try:
            importlib.import_module(module)
        except BaseException as error:
            failures.append({"module": module, "chain": described(error)})
    with open(report, "w", encoding="utf-8") as file:
        answer = {"modules": modules, "failures": failures, "python": platform.python_version()}
        json.dump(answer, file)


main(*sys.argv[1:])
