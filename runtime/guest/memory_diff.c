/* Which bytes of memory a function changes.
 *
 * Some of what CPython and libc keep must be set or put back, and has no function that does so. The
 * guest does not assume where it lies: it calls what sets it, and looks. */
#include "guest.h"

#include <stdlib.h>
#include <string.h>

/* How far from the known place is looked, in bytes. What is looked for lies much nearer. */
#define REACH ((size_t)1 << 19)

size_t memory_diff(void (*act)(void), void *near, Change *changes, size_t most) {
    /* The data of the libraries lies between the stack and the heap. Nothing else runs meanwhile. */
    uint8_t *stack = __builtin_frame_address(0);
    uint8_t *start = (size_t)near > REACH ? (uint8_t *)near - REACH : NULL;
    start = start > stack ? start : stack;
    uint8_t *end = (uint8_t *)near + REACH;
    uint8_t *before = malloc((size_t)(end - start));
    if (before == NULL) {
        return 0;
    }
    end = end < before ? end : before;
    size_t length = end > start ? (size_t)(end - start) : 0;
    memcpy(before, start, length);
    act();
    /* On the stack, since `changes` may lie in what is compared. */
    Change found[MAX_CHANGES];
    size_t count = 0;
    for (size_t index = 0; index < length && count <= MAX_CHANGES; index++) {
        if (start[index] != before[index]) {
            if (count < MAX_CHANGES) {
                found[count] = (Change){&start[index], before[index], start[index]};
            }
            count++;
        }
    }
    /* What is freed is part of the snapshot all the same; zeros cost nothing there. */
    memset(before, 0, length);
    free(before);
    if (count > most || count > MAX_CHANGES) {
        return 0;
    }
    memcpy(changes, found, count * sizeof *changes);
    return count;
}
