/* Signals that a program raises for itself.
 *
 * libc's emulation calls a table's entry for the signal, which is none for 0 and for those from 32 on, and aborts
 * where a signal ends a process. Here a signal does what it does on Linux, where a shell that waits for the
 * program sees 128 and the signal's number. */
#define _WASI_EMULATED_SIGNAL
#include "guest.h"
#include "interface.h"

#include <errno.h>
#include <signal.h>

IMPORT_PROCESS_EXIT_EXIT
extern void host_exit(int32_t status);

enum {
    /* What a shell adds to the number of the signal that ended a program. */
    ENDED_BY_SIGNAL = 128,
    LAST_SIGNAL = 64,
};

/* A handler, or SIG_DFL, SIG_IGN or SIG_ERR. */
typedef void (*Handler)(int number);

/* What handles a signal now. SIGKILL and SIGSTOP cannot be handled. */
static Handler handler_of(int number) {
    Handler handler = signal(number, SIG_IGN);
    if (handler == SIG_ERR) {
        return SIG_DFL;
    }
    signal(number, handler);
    return handler;
}

/* Whether a signal that nobody handles leaves the process alone. There is nobody who could make a stopped
 * sandbox go on, so that those that stop a process do nothing, either. */
static bool is_harmless(int number) {
    switch (number) {
    case SIGCHLD:
    case SIGCONT:
    case SIGURG:
    case SIGWINCH:
    case SIGSTOP:
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU: return true;
    default: return false;
    }
}

__attribute__((visibility("default")))
int eryx_raise(int number) {
    if (number < 0 || number > LAST_SIGNAL) {
        errno = EINVAL;
        return -1;
    }
    Handler handler = number == 0 ? SIG_IGN : handler_of(number);
    if (handler == SIG_DFL) {
        if (!is_harmless(number)) {
            host_exit(ENDED_BY_SIGNAL + number);
        }
    } else if (handler != SIG_IGN) {
        handler(number);
    }
    return 0;
}

/* Sets a handler, and tells the host what Ctrl-C does then. */
__attribute__((visibility("default")))
Handler eryx_signal(int number, Handler handler) {
    Handler before = signal(number, handler);
    if (number == SIGINT && before != SIG_ERR) {
        interrupt_goes_to(handler == SIG_IGN   ? INTERRUPT_IGNORED
                          : handler == SIG_DFL ? INTERRUPT_ENDS
                                               : INTERRUPT_HANDLED);
    }
    return before;
}
