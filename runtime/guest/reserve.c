/* Memory set aside for when there is no more.
 *
 * What the host answers is written into memory that the guest must find: without any, the program would end at
 * once. A small part is kept for that, and long reads are asked for in pieces that fit. A larger part is given to the
 * program when a MemoryError is raised, so that it can say so, free what it has, and go on. Nothing is ever written
 * to either, so that neither takes up room in the image or at run time. */
#include "files.h"
#include "guest.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    /* Bytes for one answer of the host, and what else a call needs. */
    FOR_ANSWER = 64 << 10,
    /* The longest piece that is asked for when memory is short, in bytes. */
    PIECE = 32 << 10,
    /* Bytes for a program that ran out of memory. A traceback is shown with less. */
    FOR_PROGRAM = 1 << 20,
};

/* What is kept. NULL when it was given away. */
static void *for_answer;
static void *for_program;

/* Whether anything was kept before: what runs at bake time has no limit to speak of. */
static bool is_kept;

/* Takes `size` bytes when there is twice as much. */
static void *take(size_t size) {
    char *plenty = malloc(2 * size);
    return plenty == NULL ? NULL : realloc(plenty, size);
}

void reserve_take(void) {
    is_kept = true;
    for_answer = malloc(FOR_ANSWER);
    for_program = malloc(FOR_PROGRAM);
}

/* Frees what is kept in one place. False when there was nothing. */
static bool give(void **kept) {
    if (*kept == NULL) {
        return false;
    }
    free(*kept);
    *kept = NULL;
    return true;
}

bool reserve_give_for_answer(void) {
    return give(&for_answer) || give(&for_program);
}

void reserve_renew(void) {
    if (!is_kept) {
        return;
    }
    if (for_answer == NULL) {
        for_answer = malloc(FOR_ANSWER);
    }
    if (for_program == NULL) {
        for_program = take(FOR_PROGRAM);
    }
}

/* Raises MemoryError, with memory that its handler can use. */
__attribute__((visibility("default")))
PyObject *eryx_err_no_memory(void) {
    give(&for_program);
    PyErr_SetNone(PyExc_MemoryError);
    return NULL;
}

/* The same, where the state of the thread is at hand. */
__attribute__((visibility("default")))
PyObject *eryx_err_no_memory_in(void *thread_state) {
    (void)thread_state;
    return eryx_err_no_memory();
}

/* How many of `length` bytes the host can be asked for, so that there is memory for its answer. 0 when there is none. */
static size_t askable(size_t length) {
    reserve_renew();
    if (length <= PIECE && for_answer != NULL) {
        return length;
    }
    void *room = malloc(length + PIECE);
    if (room != NULL) {
        free(room);
        return length;
    }
    return for_answer != NULL ? PIECE : 0;
}

__attribute__((visibility("default")))
ssize_t eryx_read(int descriptor, void *bytes, size_t length) {
    size_t part = askable(length);
    if (part == 0 && length > 0) {
        errno = ENOMEM;
        return -1;
    }
    return read(descriptor, bytes, part);
}

__attribute__((visibility("default")))
ssize_t eryx_pread(int descriptor, void *bytes, size_t length, off_t offset) {
    size_t part = askable(length);
    if (part == 0 && length > 0) {
        errno = ENOMEM;
        return -1;
    }
    return descriptor_pread(descriptor, bytes, part, offset);
}
