"""Programs that cannot be started.

A sandbox is a system without other programs, so that starting one fails as on Linux where it is not installed:
packages that have another way then take it.
"""

import errno
import functools
import os
import sys


def system(command):
    """Execute the command in a subshell."""
    sys.audit("os.system", os.fsencode(command))
    raise _unsupported()


def _unsupported():
    return OSError(errno.ENOTSUP, f"{sys.platform} does not support processes.")


def _program(
    args, bufsize=-1, executable=None, stdin=None, stdout=None, stderr=None, preexec_fn=None,
    close_fds=True, shell=False, *rest, **options,
):  # fmt: skip
    """The program that arguments of `Popen` name."""
    if executable is not None:
        return executable
    if shell:
        return "/bin/sh"
    return args if isinstance(args, (str, bytes, os.PathLike)) else list(args)[0]


def adapt_subprocess(module):
    begin = module.Popen.__init__

    @functools.wraps(begin)
    def __init__(self, *arguments, **options):
        try:
            begin(self, *arguments, **options)
        except OSError as error:
            if error.errno != errno.ENOTSUP:
                raise
            program = _program(*arguments, **options)
            if program == sys.executable or os.path.exists(program):
                raise
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), program) from None

    module.Popen.__init__ = __init__


def adapt_pool(module):
    """A pool would fail at the first pipe, and say no more than that there are none."""
    initialize = module.Pool.__init__

    def __init__(self, *arguments, **keywords):
        if not isinstance(self, module.ThreadPool):
            self._state = module.TERMINATE
            raise _no_processes()
        initialize(self, *arguments, **keywords)

    module.Pool.__init__ = __init__


def adapt_process(module):
    def start(self):
        """Start child process."""
        raise _no_processes()

    module.BaseProcess.start = start


def _no_processes():
    return OSError(errno.ENOTSUP, "processes can't be started in the sandbox")


def install(*modules):
    """Puts the function into `os` and the module that it has such functions from."""
    for module in modules:
        module.system = system
    os.__all__.append("system")
