"""What the standard library's `curses` is made of, which can not be had in the sandbox.

Packages that can do without `curses` are prepared for an `ImportError`; this one says why.
"""

raise ModuleNotFoundError(
    "curses is not available in the sandbox, which has no terminal of its own", name="_curses"
)
