"""Signals, of which a sandbox gets one from outside: SIGINT. All others come from the program itself.

What a signal does that nobody handles is said in `runtime/guest/signals.c`.
"""

import errno
import inspect
import os
from operator import index

# The numbers that programs can use on Linux: libc keeps 32 and 33 for itself.
_NUMBERS = (*range(1, 32), *range(34, 65))


def kill(pid, signal, /):
    """Kill a process with a signal."""
    import _signal

    pid, signal = index(pid), index(signal)
    # 0 means the processes of the same group. There is no other than this one.
    if pid not in (0, os.getpid()):
        raise ProcessLookupError(errno.ESRCH, os.strerror(errno.ESRCH))
    _signal.raise_signal(signal)


def install(*modules):
    """Puts the function into `os` and the module that it has such functions from."""
    for module in modules:
        module.kill = kill
    os.__all__.append("kill")


def adapt_signal(module):
    """The set of all signals is made by a function of C that libc does not have."""

    def valid_signals():
        """Return a set of valid signal numbers on this platform."""
        return {module._int_to_enum(number, module.Signals) for number in _NUMBERS}

    valid_signals.__module__ = module.__name__
    module.valid_signals = valid_signals


def adapt_event_loop(module):
    """A signal is handled where a program raises it, so that no byte in a socket has to say so."""
    import signal

    def add_signal_handler(self, sig, callback, *args):
        """Add a handler for a signal.  UNIX only."""
        if inspect.iscoroutine(callback) or inspect.iscoroutinefunction(callback):
            raise TypeError("coroutines cannot be used with add_signal_handler()")
        self._check_signal(sig)
        self._check_closed()
        handle = module.events.Handle(callback, args, self, None)
        try:
            signal.signal(sig, lambda number, frame: self._handle_signal(number))
        except OSError as error:
            raise RuntimeError(f"sig {sig} cannot be caught") from error
        except ValueError as error:
            raise RuntimeError(str(error)) from error
        self._signal_handlers[sig] = handle
        if sig == signal.SIGINT:
            # From now on there is something to wait for.
            self._selector.can_be_woken = True

    module._UnixSelectorEventLoop.add_signal_handler = add_signal_handler
