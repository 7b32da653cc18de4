/* Ctrl-C. The guest has no signals, and asking the host on every loop would cost speed.
 *
 * CPython's own signal handler, the function behind PyErr_SetInterruptEx, only sets a few bits in
 * memory that the interpreter looks at anyway. At bake time that function is called once and the
 * bits that it set are noted; at run time the host is told where they are, and sets them when the
 * user presses Ctrl-C. No layout of CPython's structures is assumed. */
#include "guest.h"

#include <stdlib.h>
#include <string.h>

#define SIGINT 2
#define MOST_CELLS 16

/* How far past the start of CPython's global structure the bits are looked for, in bytes. */
#define MOST_MEMORY (1u << 20)

typedef struct Cell {
    uint32_t offset;
    uint8_t bits;
} Cell;

__attribute__((import_module("eryx:sandbox/host@0.1.0"), import_name("interruptible")))
extern void host_interruptible(const uint8_t *memory, size_t length, const Cell *cells,
                               size_t count);

/* Offsets into _PyRuntime, in ascending order. Filled at bake time; lives in the snapshot. */
static Cell cells[MOST_CELLS];
static size_t cell_count;

void interrupt_learn(void) {
    /* All that the signal handler touches lies in CPython's one global structure. */
    uint8_t *memory = (uint8_t *)&_PyRuntime;
    size_t end = (size_t)__builtin_wasm_memory_size(0) * 65536;
    size_t length = end - (size_t)memory < MOST_MEMORY ? end - (size_t)memory : MOST_MEMORY;
    uint8_t *before = malloc(length);
    if (before == NULL) {
        return;
    }
    /* The copy itself must not be part of what is compared. */
    if (before > memory && (size_t)(before - memory) < length) {
        length = (size_t)(before - memory);
    }
    memcpy(before, memory, length);
    /* On the stack, which lies below: `cells` itself is part of what is compared. */
    Cell changed[MOST_CELLS];
    size_t found = 0;
    if (PyErr_SetInterruptEx(SIGINT) == 0) {
        for (size_t index = 0; index < length; index++) {
            uint8_t bits = memory[index] & (uint8_t)~before[index];
            if (bits != 0 && found < MOST_CELLS) {
                changed[found++] = (Cell){(uint32_t)index, bits};
            } else if (bits != 0) {
                found = MOST_CELLS + 1;
                break;
            }
        }
    }
    free(before);
    /* Takes the interrupt back. */
    if (PyErr_CheckSignals() != 0) {
        PyErr_Clear();
        cell_count = found <= MOST_CELLS ? found : 0;
        memcpy(cells, changed, cell_count * sizeof *cells);
    }
}

void interrupt_offer(void) {
    if (cell_count == 0) {
        return;
    }
    size_t first = cells[0].offset;
    size_t last = cells[cell_count - 1].offset;
    Cell relative[MOST_CELLS];
    for (size_t index = 0; index < cell_count; index++) {
        relative[index] = (Cell){cells[index].offset - (uint32_t)first, cells[index].bits};
    }
    host_interruptible((uint8_t *)&_PyRuntime + first, last - first + 1, relative, cell_count);
}
