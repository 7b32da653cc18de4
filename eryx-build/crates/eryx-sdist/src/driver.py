"""Calls one hook of a build backend (PEP 517) in the sandbox, and leaves the answer for the host.

The host writes what is to be called to REQUEST, and reads ANSWER when the interpreter has ended. There
is no other program in the sandbox. Asking for one fails as it does on a machine that lacks it, which is
what the fallbacks of packages with optional extension modules are made for.
"""

import errno
import importlib
import json
import os
import subprocess
import sys
import traceback

REQUEST = "/build/request.json"
ANSWER = "/build/answer.json"

# How much of what failed is told, in characters and programs.
MAX_TEXT = 1 << 15
MAX_PROGRAMS = 100

OPTIONAL_HOOKS = {"get_requires_for_build_wheel": [], "prepare_metadata_for_build_wheel": None}

programs = []


def refuse(self, args, *rest, **options):
    """Stands in for the constructor of `subprocess.Popen`."""
    if isinstance(args, (str, bytes, os.PathLike)):
        program = (os.fsdecode(args).split() or [""])[0]
    else:
        program = os.fsdecode(args[0])
    if len(programs) < MAX_PROGRAMS:
        programs.append(program[:256])
    raise FileNotFoundError(errno.ENOENT, "No such file or directory", program)


def leave_out_native_parts():
    """Takes extension modules out of every setuptools project before its commands run."""
    try:
        from setuptools import Distribution
    except ImportError:
        return
    run_commands = Distribution.run_commands

    def run_pure_commands(self):
        self.ext_modules = []
        self.libraries = []
        if hasattr(self, "rust_extensions"):
            self.rust_extensions = []
        return run_commands(self)

    Distribution.run_commands = run_pure_commands


def find(backend, folders):
    """The backend's object. One that lies in the project must really come from there."""
    sys.path[:0] = folders
    name, _, attributes = backend.partition(":")
    module = importlib.import_module(name)
    if folders:
        place = getattr(module, "__file__", None) or ""
        if not any(place.startswith(f"{folder}/") for folder in folders):
            raise ImportError(f"the backend {name!r} is not in a folder of `backend-path`")
    found = module
    for attribute in filter(None, attributes.split(".")):
        found = getattr(found, attribute)
    return found


def call(request):
    source = request["source"]
    os.chdir(source)
    # As if the project were built by `python setup.py`, without this file's folder.
    sys.argv[:] = ["setup.py"]
    sys.path.remove(os.path.dirname(__file__))
    subprocess.Popen.__init__ = refuse
    folders = [os.path.normpath(os.path.join(source, path)) for path in request["backend_path"]]
    if request["without_native"]:
        leave_out_native_parts()
    backend = find(request["backend"], folders)
    hook = request["hook"]
    if hook in OPTIONAL_HOOKS and not hasattr(backend, hook):
        return OPTIONAL_HOOKS[hook]
    if hook == "get_requires_for_build_wheel":
        return list(getattr(backend, hook)({}))
    return getattr(backend, hook)(request["output"], {})


def describe(error):
    """The exception in one line, and the end of its traceback without the frames of this file."""
    summary = traceback.TracebackException(type(error), error, error.__traceback__)
    pending = [summary]
    while pending:
        one = pending.pop()
        frames = [
            frame
            for frame in one.stack
            if frame.filename != __file__ and not frame.filename.startswith("<frozen importlib")
        ]
        one.stack = traceback.StackSummary.from_list(frames)
        pending += [other for other in (one.__cause__, one.__context__) if other is not None]
    message = "".join(traceback.format_exception_only(error)).strip()
    return {"message": message[:MAX_TEXT], "traceback": "".join(summary.format())[-MAX_TEXT:]}


def main():
    with open(REQUEST, encoding="utf-8") as file:
        request = json.load(file)
    try:
        answer = {"result": call(request)}
        text = json.dumps(answer, ensure_ascii=False)
    except BaseException as error:
        text = json.dumps({"failure": describe(error), "programs": programs}, ensure_ascii=False)
    # What is no text (surrogates of names that are no UTF-8) would be no JSON for whoever reads this.
    with open(ANSWER, "w", encoding="utf-8", errors="replace") as file:
        file.write(text)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass
    # The sandbox is thrown away: nothing has to be taken down first.
    os._exit(0)


main()
