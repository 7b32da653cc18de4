"""What a sandbox lacks, said where that ends a program.

That something is missing is said by the very exception of an interpreter that was built without it: packages
are prepared for that, and ask `importlib.util.find_spec` and `hasattr` too. Where the exception ends a program, a note
says why, and what to do instead.
"""

import errno
from types import ModuleType

_TERMINAL = "the sandbox has no terminal of its own"
_USERS = "the sandbox has one user and no list of users"
_TK = "the sandbox has no display"
_NETWORK = (
    "the sandbox has no network; give the program what it needs as files (`-v`) or on standard input"
)
_PROCESSES = (
    "the sandbox cannot start processes; call a package's functions in place of its command, and run"
    " other programs outside"
)
_THREADS = (
    'the sandbox has no threads; with `threads = "inline"` in `[python]` of the manifest, pools of'
    " threads run their tasks in place"
)
_TIMERS = "the sandbox has no timers that send signals; `--timeout` ends a run after a time"

# Modules.
_REASONS = {
    "grp": _USERS,
    "idlelib": _TK,
    "pwd": _USERS,
    "readline": "the host edits the lines that `input()` reads at a terminal",
    "resource": "the limits of a sandbox are set by its host",
    "syslog": "the sandbox has no system log",
    "termios": _TERMINAL,
    "tkinter": _TK,
    "turtledemo": _TK,
    "_gdbm": "it is not built for the sandbox; `dbm.sqlite3` and `dbm.dumb` are",
    "_dbm": "it is not built for the sandbox; `dbm.sqlite3` and `dbm.dumb` are",
    "_posixshmem": "a sandbox has no other process to share memory with",
    "_tkinter": _TK,
}

# How the functions that start programs take arguments: one by one or as a list, with an environment, by the path.
_FORMS = [f"{arguments}{rest}" for arguments in "lv" for rest in ("", "e", "p", "pe")]

# Functions of modules, by the names of both.
_FUNCTIONS = {
    **dict.fromkeys(
        [
            (module, name)
            for module in ("os", "posix")
            for name in (
                *("fork", "forkpty", "posix_spawn", "posix_spawnp"),
                *(f"{verb}{form}" for verb in ("exec", "spawn") for form in _FORMS),
                *("wait", "wait3", "wait4", "waitid", "waitpid", "killpg"),
            )
        ],
        _PROCESSES,
    ),
    **dict.fromkeys([("signal", name) for name in ("alarm", "setitimer", "getitimer")], _TIMERS),
}

# The most exceptions that are looked at. One may have led to itself.
_MOST = 50


def explain(error):
    """Notes what the sandbox lacks, when that is what `error` is about or came from."""
    for each in _chain(error):
        reason = _reason(each)
        if reason is not None:
            note = f"Eryx: {reason}."
            if note not in getattr(error, "__notes__", ()):
                error.add_note(note)
            return


def _chain(error):
    """The exception, and those that led to it."""
    found = []
    left = [error]
    while left and len(found) < _MOST:
        error = left.pop(0)
        if not isinstance(error, BaseException) or any(error is other for other in found):
            continue
        found.append(error)
        if isinstance(error, BaseExceptionGroup):
            left += error.exceptions
        cause = error.__cause__
        left.append(cause if cause or error.__suppress_context__ else error.__context__)
        # As `urllib` and `urllib3` keep it.
        left.append(vars(error).get("reason"))
    return found


def _reason(error):
    """Why the sandbox can't do what failed with `error`; None when it is no fault of the sandbox."""
    # Somebody else's words are left as they are.
    if type(error) is ModuleNotFoundError:
        if error.msg == f"No module named {error.name!r}":
            return _REASONS.get(error.name)
    elif type(error) is ImportError:
        return _FUNCTIONS.get((error.name, error.name_from))
    elif type(error) is AttributeError:
        if isinstance(error.obj, ModuleType):
            return _FUNCTIONS.get((error.obj.__name__, error.name))
    elif isinstance(error, OSError):
        return _reason_of_system(error)
    elif type(error) is RuntimeError and str(error).startswith("can't start new thread"):
        return _THREADS
    return None


def _reason_of_system(error):
    where = _module_of(error)
    if type(error).__module__ == "socket" and type(error).__name__ in ("gaierror", "herror"):
        return _NETWORK
    if where == "socket" and error.errno in (errno.EACCES, errno.ENOTSUP, errno.EPERM):
        return _NETWORK
    if where == "_eryx.processes":
        return _PROCESSES
    said = error.strerror or ""
    if error.errno == errno.ENOTSUP and said.endswith(
        ("does not support processes.", "processes can't be started in the sandbox")
    ):
        return _PROCESSES
    return None


def _module_of(error):
    """The name of the module whose code raised the exception."""
    trace = error.__traceback__
    if trace is None:
        return None
    while trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame.f_globals.get("__name__")
