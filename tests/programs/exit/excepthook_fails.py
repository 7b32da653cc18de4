import sys


def hook(kind, value, traceback):
    raise RuntimeError("the hook broke")


sys.excepthook = hook
raise ValueError("mine")
