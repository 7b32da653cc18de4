"""Run time: one program, from its start to its exit status, as ``python3`` runs it."""

import atexit
import builtins
import gc
import importlib.machinery
import linecache
import os
import sys
import time
import traceback  # noqa: F401 - used by the interpreter to print exceptions

from . import missing, randomness, streams
from .interface import (
    PROGRAM_ENTRYPOINT,
    PROGRAM_MODULE,
    PROGRAM_PROMPT,
    PROGRAM_SCRIPT,
    PROGRAM_STANDARD_INPUT,
)

# Exit status of a program that was interrupted, as a shell counts it: 128 + SIGINT.
_INTERRUPTED = 130

# Exit status of CPython when the standard streams can't be flushed.
_FLUSH_FAILED = 120

# Where the files of this package lie.
_OWN = f"{os.path.dirname(__file__)}/"

# The names of the modules of the snapshot; all others belong to the run. Set at bake time: whatever
# walks over them at run time changes their reference counts, and so copies page after page.
_baked = frozenset()


def start(kind, text, arguments, folder, edited):
    """Makes the interpreter this run's own. Returns the callable that runs the program, and the
    tuple of its arguments. `edited` says that the host reads the lines of a terminal."""
    _wake()
    main = type(sys)("__main__")
    main.__builtins__ = builtins
    sys.modules["__main__"] = main
    namespace = main.__dict__
    if kind == PROGRAM_MODULE:
        import runpy

        sys.argv[:] = ["-m", *arguments]
        sys.orig_argv[:] = ["python3", "-m", text, *arguments]
        sys.path.insert(0, folder)
        return runpy._run_module_as_main, (text,)
    if kind == PROGRAM_SCRIPT:
        sys.argv[:] = arguments
        sys.orig_argv[:] = ["python3", *arguments]
        path = os.path.join(folder, text)
        sys.path.insert(0, os.path.dirname(path))
        main.__file__ = path
        main.__cached__ = None
        main.__loader__ = importlib.machinery.SourceFileLoader("__main__", path)
        with open(path, "rb") as file:
            source = file.read()
        return exec, (compile(source, path, "exec", dont_inherit=True), namespace)
    main.__loader__ = importlib.machinery.BuiltinImporter
    if kind == PROGRAM_ENTRYPOINT:
        # A script that an installer would make goes by its name.
        name, _, reference = text.rpartition("=")
        sys.argv[:] = [name or reference, *arguments]
        sys.orig_argv[:] = sys.argv
        module, _, attribute = reference.partition(":")
        source = (
            f"import sys\nfrom {module} import {attribute.partition('.')[0]}\n"
            f"sys.exit({attribute}())\n"
        )
        return exec, (compile(source, "<entrypoint>", "exec", dont_inherit=True), namespace)
    sys.path.insert(0, "")
    if kind == PROGRAM_PROMPT:
        from . import prompt

        sys.argv[:] = arguments or [""]
        sys.orig_argv[:] = ["python3", *filter(None, sys.argv)]
        return prompt.start, (edited,)
    if kind == PROGRAM_STANDARD_INPUT:
        sys.argv[:] = ["-", *arguments]
        sys.orig_argv[:] = ["python3", *sys.argv]
        name, source = "<stdin>", sys.stdin.buffer.read()
    else:
        sys.argv[:] = ["-c", *arguments]
        sys.orig_argv[:] = ["python3", "-c", text.decode("utf-8", "replace"), *arguments]
        name, source = "<string>", text
    code = compile(source, name, "exec", dont_inherit=True)
    # Tracebacks show the lines of a program that has no file.
    linecache._register_code(code, source.decode("utf-8", "replace"), name)
    return exec, (code, namespace)


def _wake():
    """Drops what the bake left that must be this run's own."""
    os.reload_environ()
    if "TZ" in os.environ:
        time.tzset()
    sys.argv = []
    # After the program's own folder, which is put before these.
    sys.path[:0] = [path for path in os.environ.get("PYTHONPATH", "").split(":") if path]
    streams.refresh()
    randomness.refresh()
    logging = sys.modules.get("logging")
    if logging is not None:
        logging._startTime = time.time_ns()


def report(error, inspected):
    """Reports the exception that ended the program. Returns the exit status. When the prompt follows,
    an exit is an exception like any other."""
    # A program that could not be read or compiled failed in this package; that is nobody's concern.
    hide_own_frames(error)
    missing.explain(error)
    if isinstance(error, SystemExit) and not inspected:
        return _exit_status(error)
    try:
        streams.flush()
    except OSError:
        pass
    sys.last_exc = error
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, error.__traceback__
    try:
        sys.excepthook(type(error), error, error.__traceback__)
    except SystemExit as exit:
        return _exit_status(exit)
    except BaseException as failure:
        hide_own_frames(failure)
        print("Error in sys.excepthook:", file=sys.stderr)
        sys.__excepthook__(type(failure), failure, failure.__traceback__)
        print("\nOriginal exception was:", file=sys.stderr)
        sys.__excepthook__(type(error), error, error.__traceback__)
    return _INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1


def hide_own_frames(error):
    """Takes the outermost frames off a traceback as long as they are of this package."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_OWN):
        trace = trace.tb_next
    error.__traceback__ = trace


def _exit_status(error):
    """What `sys.exit(code)` means, as the interpreter reads it."""
    code = error.code
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF if -(1 << 31) <= code < (1 << 31) else 0xFF
    streams.flush()
    print(code, file=sys.stderr)
    return 1


def finish(status):
    """Ends the interpreter the way it ends itself: threads, exit handlers, objects, streams."""
    threading = sys.modules.get("threading")
    if threading is not None:
        try:
            threading._shutdown()
        except BaseException as error:
            sys.unraisablehook(_Unraisable(error, "Exception ignored on threading shutdown"))
    atexit._run_exitfuncs()
    sys.settrace(None)
    sys.setprofile(None)
    _drop_modules()
    return _flush(status)


class _Unraisable:
    """What `sys.unraisablehook` takes."""

    def __init__(self, error, message):
        self.exc_type = type(error)
        self.exc_value = error
        self.exc_traceback = error.__traceback__
        self.err_msg = message
        self.object = None


def _drop_modules():
    """Lets go of the program's own objects, so that their finalizers run and their files close.

    The modules of the snapshot stay: the sandbox is thrown away as a whole.
    """
    main = sys.modules.get("__main__")
    # An interpreter that ends calls none of these either: what they use may be gone by then.
    gc.callbacks.clear()
    names = []
    # Those of the run were added last.
    for name in reversed(sys.modules):
        if name in _baked:
            break
        names.append(name)
    own = [sys.modules.pop(name) for name in names]
    sys.last_exc = sys.last_type = sys.last_value = sys.last_traceback = None
    for module in [main, *own]:
        namespace = getattr(module, "__dict__", None)
        if not isinstance(namespace, dict):
            continue
        # The interpreter's own order: private names go first.
        for private in (True, False):
            for name in list(namespace):
                if name != "__builtins__" and private == (name[:1] == "_" and name[:2] != "__"):
                    namespace[name] = None
    gc.collect()


def _flush(status):
    for stream in (sys.stdout, sys.stderr):
        if stream is None or getattr(stream, "closed", True):
            continue
        try:
            stream.flush()
        except BaseException as error:
            if stream is sys.stdout:
                status = _FLUSH_FAILED
                try:
                    sys.unraisablehook(_Unraisable(error, "Exception ignored on flushing sys.stdout"))
                except BaseException:
                    pass
    return status


def note_modules():
    """Remembers at bake time which modules the snapshot holds."""
    global _baked
    _baked = frozenset(sys.modules)


def warm_up():
    """Takes the paths of a run once, at bake time."""
    namespace = {"__builtins__": builtins}
    source = b"x = [f'{n!r:>4}' for n in range(3)]\nclass C:\n    pass\ndef f(*a, **k):\n    return a\n"
    exec(compile(source, "<warm-up>", "exec", dont_inherit=True), namespace)
    try:
        raise ValueError("warm-up")
    except ValueError as error:
        "".join(traceback.format_exception(error))
