"""Bake time: import what the manifest asks for and leave the heap as a snapshot needs it."""

import gc
import importlib
import linecache
import sys
import traceback

from . import adaptations, importing, immortal, program, randomness, ready, streams


def prepare(imports, script, make_immortal):
    """Prepares the interpreter. Returns ``(module, traceback)``, both None when all went well."""
    streams.install()
    adaptations.install()
    importing.install()
    # First, so that no package has a hand in it.
    ready.prepare()
    tracker = randomness.Tracker()
    with tracker, importing.reported():
        failure = _import_all(imports) or _run_script(script)
    if failure is not None:
        return failure
    randomness.keep(tracker)
    program.warm_up()
    _fill_importer_cache()
    importing.index_image(with_bytecode=True)
    streams.flush()
    _forget()
    immortal.mark(make_immortal)
    return None, None


def finish():
    """The last code that runs at bake time, when the interpreter's own caches have just been emptied."""
    program.warm_up()
    linecache.clearcache()
    gc.collect()
    gc.freeze()


def _import_all(imports):
    for name in imports:
        try:
            importlib.import_module(name)
        except BaseException as error:
            return name, _describe(error)
    return None


def _run_script(script):
    """Runs the preinit script as the module `__preinit__`, which programs can import."""
    if script is None:
        return None
    module = type(sys)("__preinit__")
    module.__file__ = script
    sys.modules["__preinit__"] = module
    try:
        with open(script, "rb") as file:
            code = compile(file.read(), script, "exec", dont_inherit=True)
        exec(code, module.__dict__)
    except BaseException as error:
        return None, _describe(error)
    return None


def _describe(error):
    """The traceback of `error` without the frames of this package and of the import machinery."""
    summary = traceback.TracebackException(type(error), error, error.__traceback__)
    frames = [
        frame
        for frame in summary.stack
        if "/_eryx/" not in frame.filename
        and not frame.filename.startswith("<frozen importlib")
        and not frame.filename.endswith("/importlib/__init__.py")
    ]
    summary.stack = traceback.StackSummary.from_list(frames)
    return "".join(summary.format())


def _fill_importer_cache():
    """Finds the finder of every folder of modules."""
    sys.path_importer_cache.clear()
    for path in sys.path:
        for hook in sys.path_hooks:
            try:
                sys.path_importer_cache[path] = hook(path)
                break
            except ImportError:
                continue


def _forget():
    """Drops what belongs to the bake and not to a run, and freezes the rest of the heap."""
    linecache.clearcache()
    # Folders outside of the image are read anew.
    for path, finder in list(sys.path_importer_cache.items()):
        if not isinstance(finder, importing.ImageFinder):
            del sys.path_importer_cache[path]
    program.note_modules()
    gc.collect()
