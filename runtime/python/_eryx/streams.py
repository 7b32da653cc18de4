"""The standard streams.

They are made at bake time and never replaced, since other objects hold references to them: a logging
handler that was made at bake time prints at run time.
"""

import io
import sys


def install():
    """Makes standard output and error pass on each line at once.

    Whatever a program printed has then left the sandbox when a trap or a time limit ends it. Binary
    writes are passed on at once too: a buffer of one byte never holds anything back for long, and
    still takes care of writes that the host takes in pieces.
    """
    sys.stdout = sys.__stdout__ = _writer(1, "<stdout>", "strict")
    sys.stderr = sys.__stderr__ = _writer(2, "<stderr>", "backslashreplace")


def _writer(descriptor, name, errors):
    raw = io.FileIO(descriptor, "wb", closefd=False)
    raw.name = name
    buffer = io.BufferedWriter(raw, 1)
    stream = io.TextIOWrapper(buffer, "utf-8", errors, "\n", line_buffering=True)
    stream.mode = "w"
    return stream


def refresh():
    """Gives a run its own streams, whatever the bake put in their place or closed."""
    if sys.__stdin__.closed:
        open_input()
    if sys.__stdout__.closed or sys.__stderr__.closed:
        install()
    sys.stdin, sys.stdout, sys.stderr = sys.__stdin__, sys.__stdout__, sys.__stderr__


def open_input():
    """Makes standard input anew."""
    buffer = io.BufferedReader(io.FileIO(0, "rb", closefd=False))
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(buffer, "utf-8", "strict")


def flush():
    """Flushes what is buffered, ignoring streams that are closed or gone."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, ValueError):
            pass
