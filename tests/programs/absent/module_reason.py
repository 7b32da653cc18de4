# A missing module is the exception that packages are prepared for; why it is missing is said where it ends a program.
import importlib.util

for name in ("grp", "pwd", "termios"):
    print(name, importlib.util.find_spec(name))
try:
    import curses
except ModuleNotFoundError as error:
    print(error.name, error)
try:
    import grp
except ImportError as error:
    print(error, getattr(error, "__notes__", []))
import grp
