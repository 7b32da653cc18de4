"""Pools of threads that run each task when it is submitted, in place (`python.threads = "inline"`).

The bake imports this module before all others when the manifest asks for it. `ThreadPoolExecutor`,
`multiprocessing.pool.ThreadPool` and what uses them (`loop.run_in_executor`, `multiprocessing.dummy`) keep
their interfaces: futures are done when they are returned, and exceptions are in them. Tasks that wait for
each other can not work; starting a thread fails as ever.
"""

import queue

from . import adaptations


def _adapt_executor(module):
    executor = module.ThreadPoolExecutor
    enqueue = executor.submit

    def submit(self, fn, /, *args, **kwargs):
        future = enqueue(self, fn, *args, **kwargs)
        _run_queued(module, self)
        return future

    submit.__doc__ = enqueue.__doc__
    executor.submit = submit
    # Submitting only queues; nothing is started.
    executor._adjust_thread_count = lambda self: None


def _run_queued(module, executor):
    """Does what a worker does, up to the end of the queue."""
    context = vars(executor).get("_inline_context")
    if context is None:
        context = executor._create_worker_context()
        try:
            context.initialize()
        except Exception:
            module._base.LOGGER.critical("Exception in initializer:", exc_info=True)
            executor._initializer_failed()
            return
        executor._inline_context = context
    while True:
        try:
            item = executor._work_queue.get_nowait()
        except queue.Empty:
            return
        # A shutdown leaves a mark for workers.
        if item is not None:
            item.run(context)
            if item.future.done() and not item.future.cancelled():
                error = item.future.exception()
                if isinstance(error, KeyboardInterrupt):
                    # It is the program that is interrupted, not the task.
                    raise error


class _Tasks:
    """The queue of a pool's tasks, which are done when they are put in."""

    def __init__(self, cache):
        self.cache = cache

    def put(self, batch):
        tasks, set_length = batch
        count = 0
        for job, index, function, args, kwargs in tasks:
            try:
                result = True, function(*args, **kwargs)
            except Exception as error:
                result = False, error
            if job in self.cache:
                self.cache[job]._set(index, result)
            count += 1
        if set_length is not None:
            set_length(count)


def _adapt_pool(module):
    def __init__(self, processes=None, initializer=None, initargs=()):
        if processes is not None and processes < 1:
            raise ValueError("Number of processes must be at least 1")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        self._processes = processes or 1
        # The chunks of `map` are counted by it.
        self._pool = [None] * self._processes
        self._ctx = module.get_context()
        self._cache = {}
        self._taskqueue = _Tasks(self._cache)
        self._state = module.RUN
        if initializer is not None:
            initializer(*initargs)

    def close(self):
        if self._state == module.RUN:
            self._state = module.CLOSE

    def terminate(self):
        self._state = module.TERMINATE

    def join(self):
        if self._state == module.RUN:
            raise ValueError("Pool is still running")

    def __del__(self):
        pass

    for method in (__init__, close, terminate, join, __del__):
        setattr(module.ThreadPool, method.__name__, method)


adaptations.after_import("concurrent.futures.thread", _adapt_executor)
adaptations.after_import("multiprocessing.pool", _adapt_pool)
