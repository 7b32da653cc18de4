/* Waiting for ever.
 *
 * Without threads nobody can release a lock while the program waits for it. libc aborts then. Every wait of
 * CPython, for locks of all kinds and for queues, ends in one function; here it answers that a signal came, and
 * what handles "signals" raises the exception. */
#include "guest.h"

#include <stdlib.h>

/* CPython's own, of its semaphores. It gives up the interpreter while it waits, when it is told to. */
int _PySemaphore_Wait(void *semaphore, int64_t timeout, int detach);

/* Why such a wait ended, as CPython's parking lot counts it. */
enum { WOKEN = 0, INTERRUPTED = -3 };

/* Whether the exception is still to be raised. */
static bool is_pending;

static int raise_deadlock(void *unused) {
    (void)unused;
    is_pending = false;
    PyErr_SetString(PyExc_RuntimeError,
                    "deadlock: the sandbox has no threads, and nothing else can end this wait");
    return -1;
}

__attribute__((visibility("default")))
int eryx_semaphore_wait(void *semaphore, int64_t timeout, int detach) {
    if (timeout >= 0) {
        return _PySemaphore_Wait(semaphore, timeout, detach);
    }
    if (_PySemaphore_Wait(semaphore, 0, detach) == WOKEN) {
        return WOKEN;
    }
    /* Who waits here again has not looked whether there was a signal, and never will. */
    if (is_pending || Py_AddPendingCall(raise_deadlock, NULL) != 0) {
        abort();
    }
    is_pending = true;
    return INTERRUPTED;
}
