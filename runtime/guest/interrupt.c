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

void interrupt_offer(void) {
    if (change_count == 0) {
        return;
    }
    uint8_t *first = changes[0].byte;
    uint8_t *last = changes[change_count - 1].byte;
    Cell cells[MAX_CHANGES];
    for (size_t index = 0; index < change_count; index++) {
        uint8_t bits = changes[index].after & (uint8_t)~changes[index].before;
        cells[index] = (Cell){(uint32_t)(changes[index].byte - first), bits};
    }
    host_offer_interrupt(first, (size_t)(last - first) + 1, cells, change_count);
}
