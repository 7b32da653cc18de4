"""Threads, of which a sandbox has none.

What starts one fails with the exception that CPython has for that. What only hands a task over and waits
for it can do without: `asyncio.to_thread` and `anyio.to_thread` run it in place, and when the manifest says so, pools of threads
do as well (`_eryx.inline_threads`).
"""

import _thread
import contextvars

_NO_THREADS = "can't start new thread: the sandbox has no threads"


def start_new_thread(function, args, kwargs={}, /):
    """Start a new thread and return its identifier."""
    raise RuntimeError(_NO_THREADS)


def start_joinable_thread(function, handle=None, daemon=True):
    """Start a new thread that can be joined, and return its handle."""
    raise RuntimeError(_NO_THREADS)


def install():
    """Makes starting a thread say why it fails."""
    _thread.start_new_thread = _thread.start_new = start_new_thread
    _thread.start_joinable_thread = start_joinable_thread


def adapt_to_thread(module):
    """A task that is awaited at once needs no thread."""
    from asyncio import tasks

    async def to_thread(func, /, *args, **kwargs):
        """Asynchronously run function *func*: in place, after other tasks have had a turn.

        Any *args and **kwargs supplied for this function are directly passed to *func*, which runs
        in a copy of the current context.
        """
        context = contextvars.copy_context()
        await tasks.sleep(0)
        return context.run(func, *args, **kwargs)

    module.to_thread = to_thread


def adapt_anyio(module):
    """As `adapt_to_thread`. A task that runs in place can reach its event loop no other way than by a call."""
    backend = module.AsyncIOBackend

    async def run_sync_in_worker_thread(cls, func, args, abandon_on_cancel=False, limiter=None):
        await cls.checkpoint()
        async with limiter or cls.current_default_thread_limiter():
            return contextvars.copy_context().run(func, *args)

    backend.run_sync_in_worker_thread = classmethod(run_sync_in_worker_thread)
