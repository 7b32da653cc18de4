import importlib

for name in ("ssl", "sqlite3", "ctypes", "mmap", "termios", "pwd", "grp", "resource",
             "readline", "curses", "tkinter", "zlib", "bz2", "lzma", "dbm", "syslog", "pty", "msvcrt",
             "winreg", "_posixsubprocess"):
    try:
        importlib.import_module(name)
        print(name)
    except ImportError as error:
        print(name, "-", error)
