"""Modules of the standard library that are not in the sandbox, and why.

That a module is missing is said by the very exception of an interpreter that was built without it: packages
are prepared for that, and ask `importlib.util.find_spec` too. The reason is added where the exception ends a
program, as a note.
"""

_TERMINAL = "the sandbox has no terminal of its own"
_USERS = "the sandbox has one user, who has no name"
_TK = "the sandbox has no display"

_REASONS = {
    "fcntl": "files can't be locked or controlled in the sandbox",
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


def explain(error):
    """Notes why a module is missing, when that is what `error` is about."""
    if type(error) is not ModuleNotFoundError:
        return
    reason = _REASONS.get(error.name)
    # Somebody else's words are left as they are.
    if reason is not None and error.msg == f"No module named {error.name!r}":
        error.add_note(f"Eryx: {reason}.")
