"""Modules of the standard library that need a change to work in a sandbox.

Each change is applied when its module has been imported, and says what the platform lacks.
"""

import os
import sys
from _frozen_importlib_external import spec_from_file_location

import _eryx_host

from . import importing, ownership, posix_functions, processes, signals, threads


def _exit(status):
    """Exit to the system with specified status, without normal exit processing."""
    _eryx_host.exit(status)


def _adapt_os():
    # WASI 0.2 can only say success or failure.
    os._exit = _exit
    posix = sys.modules["posix"]
    posix._exit = _exit
    ownership.install(os, posix)
    processes.install(os, posix)
    signals.install(os, posix)
    posix_functions.install()


def _adapt_asyncio(module):
    """There is no socket pair to wake the loop with: a handler of signals wakes its selector."""
    loop = module.BaseSelectorEventLoop

    def _make_self_pipe(self):
        self._ssock = self._csock = None
        self._internal_fds = 0

    def _close_self_pipe(self):
        pass

    def _write_to_self(self):
        wake = getattr(self._selector, "wake", None)
        if wake is not None:
            wake()

    loop._make_self_pipe = _make_self_pipe
    loop._close_self_pipe = _close_self_pipe
    loop._write_to_self = _write_to_self


def _adapt_executor(module):
    """Waiting for the workers of an executor takes a thread, and no worker was ever started. Names of hosts are
    asked for in place: there is no network that would keep the loop waiting."""

    async def shutdown_default_executor(self, timeout=None):
        self._executor_shutdown_called = True
        if self._default_executor is not None:
            self._default_executor.shutdown(wait=False)

    async def getaddrinfo(self, host, port, *, family=0, type=0, proto=0, flags=0):
        return module.socket.getaddrinfo(host, port, family, type, proto, flags)

    async def getnameinfo(self, sockaddr, flags=0):
        return module.socket.getnameinfo(sockaddr, flags)

    loop = module.BaseEventLoop
    loop.shutdown_default_executor = shutdown_default_executor
    loop.getaddrinfo = getaddrinfo
    loop.getnameinfo = getnameinfo


def _adapt_sysconfig(module):
    """Packages are not below the prefix; those of a virtual environment would be."""
    paths = module._INSTALL_SCHEMES["posix_prefix"]
    paths.update(purelib="/site-packages", platlib="/site-packages")
    initialise = module._init_posix

    def _init_posix(vars):
        initialise(vars)
        # What was recorded of the runtime's build ends at a line break within quotes, which no
        # shell, and not `shlex.split`, takes.
        if vars.get("CONFIG_ARGS", "").count("'") % 2:
            vars["CONFIG_ARGS"] += "'"

    module._init_posix = _init_posix


def _adapt_selectors(module):
    """Waiting for no descriptors at all is sleeping; a wait can be woken before it has begun."""
    import select
    import time

    class Poll:
        """A `select.poll` that does not wait once it was woken."""

        def __init__(self):
            poll = select.poll()
            self.register = poll.register
            self.modify = poll.modify
            self.unregister = poll.unregister
            self._poll = poll.poll
            self.woken = False

        # Handlers of signals run where a function begins and where a call has returned. There is
        # neither between the look at `woken` and the wait, so that no waking is missed.

        def poll(self, timeout):
            wait = self._poll
            if self.woken:
                self.woken = False
                timeout = 0
            return wait(timeout)

        def sleep(self, timeout):
            sleep = time.sleep
            if self.woken:
                self.woken = False
                timeout = 0
            sleep(timeout)

    class SandboxSelector(module.PollSelector):
        _selector_cls = Poll
        # Whether a signal may come that something in the loop waits for.
        can_be_woken = False

        def wake(self):
            self._selector.woken = True

        def select(self, timeout=None):
            if self.get_map():
                return super().select(timeout)
            if timeout is None and not self._selector.woken:
                if not self.can_be_woken:
                    raise RuntimeError("deadlock: nothing can wake this event loop")
                # The loop comes back when it has slept.
                timeout = 3600
            if timeout is None or timeout > 0:
                self._selector.sleep(timeout or 0)
            return []

    module.DefaultSelector = SandboxSelector


def _adapt_hashlib(module):
    """There is no OpenSSL to derive keys."""
    from . import derivation

    derivation.install(module)


def _adapt_site(module):
    """Packages are not below the prefix of the interpreter."""
    of_prefixes = module.getsitepackages

    def getsitepackages(prefixes=None):
        """Returns a list containing all global site-packages directories."""
        usual = f"{sys.prefix}/lib/python3.14/site-packages"
        folders = of_prefixes(prefixes)
        return ["/site-packages" if folder == usual else folder for folder in folders]

    module.getsitepackages = getsitepackages


def _adapt_tarfile(module):
    """For the user 0 it sets owners, and leaves out a file's times when there are none to set."""
    set_owner = module.TarFile.chown

    def chown(self, tarinfo, targetpath, numeric_owner):
        """Set owner of targetpath according to tarinfo, as far as there are owners."""
        try:
            set_owner(self, tarinfo, targetpath, numeric_owner)
        except module.ExtractError:
            pass

    module.TarFile.chown = chown


def _adapt_platform(module):
    """There is no file of the interpreter to look for libc's version in."""
    of_file = module.libc_ver

    def libc_ver(executable=None, lib="", version="", chunksize=16384):
        """Tries to determine the libc version that the file executable is linked against."""
        if executable is None:
            return lib, version
        return of_file(executable, lib, version, chunksize)

    module.libc_ver = libc_ver


# Modules that another one is in the place of.
_INSTEAD = {"asyncio.__main__": "async_prompt.py"}

# Module -> the changes that are applied when it has been imported.
_AFTER_IMPORT = {
    "anyio._backends._asyncio": [threads.adapt_anyio],
    "asyncio.base_events": [_adapt_executor],
    "asyncio.selector_events": [_adapt_asyncio],
    "asyncio.threads": [threads.adapt_to_thread],
    "asyncio.unix_events": [signals.adapt_event_loop],
    "hashlib": [_adapt_hashlib],
    "multiprocessing.pool": [processes.adapt_pool],
    "multiprocessing.process": [processes.adapt_process],
    "platform": [_adapt_platform],
    "selectors": [_adapt_selectors],
    "signal": [signals.adapt_signal],
    "site": [_adapt_site],
    "socket": [posix_functions.adapt_socket],
    "subprocess": [processes.adapt_subprocess],
    "sysconfig": [_adapt_sysconfig],
    "tarfile": [_adapt_tarfile],
}


def after_import(name, adapt):
    """Has `adapt` called with a module: now when it is loaded, else when it has been imported."""
    _AFTER_IMPORT.setdefault(name, []).append(adapt)
    if name in sys.modules:
        adapt(sys.modules[name])


class _Adapter:
    """A finder that wraps the loader of each module that is adapted."""

    @staticmethod
    def find_spec(fullname, path=None, target=None):
        instead = _INSTEAD.get(fullname)
        if instead is not None:
            source = f"{os.path.dirname(__file__)}/{instead}"
            loader = importing.ImageLoader(fullname, source)
            return spec_from_file_location(fullname, source, loader=loader)
        changes = _AFTER_IMPORT.get(fullname)
        if changes is None:
            return None
        for finder in sys.meta_path:
            if finder is _Adapter:
                continue
            spec = finder.find_spec(fullname, path, target)
            if spec is not None:
                _wrap(spec.loader, changes)
                return spec
        return None


def _wrap(loader, changes):
    execute = loader.exec_module

    def exec_module(module):
        execute(module)
        del loader.exec_module
        for adapt in changes:
            adapt(module)

    loader.exec_module = exec_module


def install():
    """Applies the changes: at once to what is loaded, later to the rest."""
    _adapt_os()
    threads.install()
    for name, changes in _AFTER_IMPORT.items():
        if name in sys.modules:
            for adapt in changes:
                adapt(sys.modules[name])
    sys.meta_path.insert(0, _Adapter)
