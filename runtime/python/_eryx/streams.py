"""The standard streams: made anew for each run, in place, since others hold references to them."""

import os
import sys


def flush():
    """Flushes what is buffered, ignoring streams that are closed or gone."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, ValueError):
            pass


def refresh():
    """Makes the streams know whether they are terminals."""
    sys.stdout.reconfigure(line_buffering=True)
    if os.isatty(0):
        sys.stdin.reconfigure()
