/* Ctrl-C. The guest has no signals, and asking the host on every loop would cost speed.
 *
 * CPython's own signal handler, the function behind PyErr_SetInterruptEx, only sets a few bits in
 * memory that the interpreter looks at anyway. At bake time that function is called once and the
 * bits that it set are noted; at run time the host is told where they are, and sets them when the
 * user presses Ctrl-C. No layout of CPython's structures is assumed. */
#include "guest.h"
#include "interface.h"

#define SIGINT 2

/* A change as the host takes it. */
typedef struct Cell {
    uint32_t offset;
    uint8_t bits;
} Cell;

IMPORT_SIGNALS_INTERRUPT_OFFER
extern void host_offer_interrupt(const uint8_t *memory, size_t length, const Cell *cells,
                               size_t count);

/* Filled at bake time; lives in the snapshot. */
static Change changes[MAX_CHANGES];
static size_t change_count;

static void interrupt(void) {
    PyErr_SetInterruptEx(SIGINT);
}

void interrupt_learn(void) {
    change_count = memory_diff(interrupt, &_PyRuntime, changes, MAX_CHANGES);
    /* Takes the interrupt back. */
    if (PyErr_CheckSignals() != 0) {
        PyErr_Clear();
    } else {
        change_count = 0;
    }
}

/* What Ctrl-C does. CPython sets a handler when it starts. */
static InterruptTarget target = INTERRUPT_HANDLED;

/* Whether a program runs. */
static bool running;

/* Tells the host what Ctrl-C changes. Without cells the host ends the program; those without bits change nothing. */
static void tell(void) {
    Cell cells[MAX_CHANGES];
    size_t count = target == INTERRUPT_ENDS ? 0 : change_count;
    uint8_t *first = changes[0].byte;
    size_t length = count == 0 ? 0 : (size_t)(changes[count - 1].byte - first) + 1;
    for (size_t index = 0; index < count; index++) {
        uint8_t bits = changes[index].after & (uint8_t)~changes[index].before;
        cells[index] = (Cell){
            .offset = (uint32_t)(changes[index].byte - first),
            .bits = target == INTERRUPT_IGNORED ? 0 : bits,
        };
    }
    host_offer_interrupt(first, length, cells, count);
}

void interrupt_goes_to(InterruptTarget new_target) {
    bool is_new = target != new_target;
    target = new_target;
    if (running && is_new && change_count > 0) {
        tell();
    }
}

void interrupt_offer(void) {
    running = true;
    if (change_count > 0) {
        tell();
    }
}
