/* Free memory before the snapshot.
 *
 * What a bake frees leaves holes all over the heap. A run that fills them writes to a page of the image
 * for each, and every page that is written to is copied. So the small ones are taken and left alone, and
 * a run gets its memory from the large ones and from the end of the heap, page after page.
 *
 * What was in a hole is nobody's any more: it is zeroed, since an image does not hold zeros. */
#include "guest.h"

#include <stdlib.h>
#include <string.h>

enum {
    /* The largest hole that is taken, in bytes. A run that uses a larger one goes on in the same page. */
    LARGEST_HOLE = 8 << 10,
    /* The step from one size to the next: libc's own. */
    STEP = 8,
    /* The largest hole that is looked for in one piece. */
    LARGEST_PIECE = 256 << 10,
    /* The unit of linear memory, in bytes. */
    WASM_PAGE = 64 << 10,
};

/* A piece of a hole that is given back later. */
typedef struct Piece {
    struct Piece *next;
} Piece;

/* Where memory ends. What the allocator hands out from there on is new, and no hole. */
static uintptr_t end_of_memory(void) {
    return (uintptr_t)__builtin_wasm_memory_size(0) * WASM_PAGE;
}

/* Zeroes a piece that was allocated, and puts it before the others. */
static Piece *zeroed(void *piece, size_t size, Piece *others) {
    memset(piece, 0, size);
    Piece *first = piece;
    first->next = others;
    return first;
}

void holes_fill(void) {
    uintptr_t end = end_of_memory();
    Piece *large = NULL;
    for (size_t size = LARGEST_PIECE; size > LARGEST_HOLE; size /= 2) {
        void *piece;
        while ((piece = malloc(size)) != NULL && (uintptr_t)piece < end) {
            large = zeroed(piece, size, large);
        }
        free(piece);
    }
    for (size_t size = LARGEST_HOLE; size > 0; size -= STEP) {
        void *hole;
        while ((hole = malloc(size)) != NULL && (uintptr_t)hole < end) {
            memset(hole, 0, size);
        }
        free(hole);
    }
    while (large != NULL) {
        Piece *next = large->next;
        large->next = NULL;
        free(large);
        large = next;
    }
}
