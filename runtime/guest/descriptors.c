/* Descriptors: duplicates, and reads and writes that are whole. */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include <wasi/libc-find-relpath.h>

enum {
    /* F_DUPFD and F_DUPFD_CLOEXEC, which libc's headers leave out. The numbers are those of Linux. */
    DUPLICATE = 0,
    DUPLICATE_CLOSING = 1030,
};

/* What several numbers stand for at once. */
typedef struct Shared {
    struct Shared *next;
    void *data;
    const Operations *original;
    unsigned count;
} Shared;

/* The operations of what is shared: as the original's, but what is freed is only counted down. */
typedef struct SharedOperations {
    struct SharedOperations *next;
    const Operations *original;
    Operations operations;
} SharedOperations;

static Shared *shared;
static SharedOperations *shared_operations;
static int root = -1;

int root_descriptor(void) {
    if (root < 0) {
        const char *prefix = NULL, *rest = NULL;
        root = __wasilibc_find_abspath("/", &prefix, &rest);
    }
    return root;
}

void root_forget(void) {
    root = -1;
}

static void shared_free(void *data) {
    for (Shared **link = &shared; *link != NULL; link = &(*link)->next) {
        Shared *found = *link;
        if (found->data != data) {
            continue;
        }
        if (--found->count == 0) {
            *link = found->next;
            found->original->free(data);
            free(found);
        }
        return;
    }
}

static const Operations *sharing(const Operations *original) {
    SharedOperations *known = shared_operations;
    while (known != NULL && known->original != original) {
        known = known->next;
    }
    if (known == NULL) {
        known = malloc(sizeof *known);
        if (known == NULL) {
            return NULL;
        }
        *known = (SharedOperations){shared_operations, original, *original};
        known->operations.free = shared_free;
        shared_operations = known;
    }
    return &known->operations;
}

/* Counts one more number for what an open descriptor stands for. False when memory is short. */
static bool share(Entry *entry) {
    if (entry->operations->free == shared_free) {
        for (Shared *found = shared; found != NULL; found = found->next) {
            if (found->data == entry->data) {
                found->count++;
            }
        }
        return true;
    }
    const Operations *operations = sharing(entry->operations);
    Shared *new = malloc(sizeof *new);
    if (operations == NULL || new == NULL) {
        free(new);
        return false;
    }
    *new = (Shared){shared, entry->data, entry->operations, 2};
    shared = new;
    entry->operations = operations;
    return true;
}

/* A duplicate with the lowest number from `minimum` on that is free. */
static int duplicate_from(int descriptor, int minimum) {
    Entry *entry = table_get(descriptor);
    if (entry == NULL || is_dead(entry)) {
        return fail(EBADF);
    }
    if (minimum < 0 || minimum >= MAX_DESCRIPTORS) {
        return fail(EINVAL);
    }
    /* When there is no number for it, what is inserted is freed, which counts down again. */
    return share(entry) ? table_insert(*entry, minimum) : fail(ENOMEM);
}

int descriptor_duplicate(int descriptor) {
    return duplicate_from(descriptor, 0);
}

int descriptor_duplicate_to(int descriptor, int target) {
    Entry *entry = table_get(descriptor);
    if (entry == NULL || is_dead(entry) || target < 0 || target >= MAX_DESCRIPTORS ||
        target == root_descriptor()) {
        return fail(EBADF);
    }
    if (descriptor == target) {
        return target;
    }
    if (!share(entry)) {
        return fail(ENOMEM);
    }
    return table_place(target, *entry) ? target : fail(EMFILE);
}

OVERRIDE int eryx_close(int descriptor) {
    Entry *entry = table_get(descriptor);
    /* The directory that all paths start from is nobody's to close. */
    if (entry == NULL || is_dead(entry) || descriptor == root_descriptor()) {
        return fail(EBADF);
    }
    return close(descriptor);
}

OVERRIDE ssize_t eryx_write(int descriptor, const void *buffer, size_t length) {
    size_t done = 0;
    do {
        ssize_t count = write(descriptor, (const uint8_t *)buffer + done, length - done);
        if (count <= 0) {
            return done > 0 ? (ssize_t)done : count;
        }
        done += (size_t)count;
        Entry *entry = table_get(descriptor);
        if (done < length && entry != NULL && entry->operations->fcntl_getfl != NULL &&
            (entry->operations->fcntl_getfl(entry->data) & O_NONBLOCK) != 0) {
            break;
        }
    } while (done < length);
    return (ssize_t)done;
}

/* Reads into memory, or writes what is there. */
typedef ssize_t Transfer(int descriptor, void *buffer, size_t length);

static ssize_t write_piece(int descriptor, void *buffer, size_t length) {
    return eryx_write(descriptor, buffer, length);
}

/* One piece after the other, until one is not whole. Without any, an empty one shows whether the descriptor can
 * do that. */
static ssize_t transfer_pieces(Transfer *transfer, int descriptor, const struct iovec *pieces,
                               int count) {
    if (count < 0) {
        return fail(EINVAL);
    }
    size_t done = 0;
    for (int index = 0; index < count || index == 0; index++) {
        const struct iovec piece = index < count ? pieces[index] : (struct iovec){0};
        if (piece.iov_len == 0 && index + 1 < count) {
            continue;
        }
        ssize_t moved = transfer(descriptor, piece.iov_base, piece.iov_len);
        if (moved < 0) {
            return done > 0 ? (ssize_t)done : -1;
        }
        done += (size_t)moved;
        if ((size_t)moved < piece.iov_len) {
            break;
        }
    }
    return (ssize_t)done;
}

OVERRIDE ssize_t eryx_writev(int descriptor, const struct iovec *pieces, int count) {
    return transfer_pieces(write_piece, descriptor, pieces, count);
}

OVERRIDE ssize_t eryx_readv(int descriptor, const struct iovec *pieces, int count) {
    return transfer_pieces(eryx_read, descriptor, pieces, count);
}

/* A descriptor is sent all of a message that it waits for. */
OVERRIDE ssize_t eryx_send(int descriptor, const void *buffer, size_t length, int flags) {
    size_t done = 0;
    do {
        ssize_t count = send(descriptor, (const uint8_t *)buffer + done, length - done, flags);
        if (count <= 0) {
            return done > 0 ? (ssize_t)done : count;
        }
        done += (size_t)count;
        Entry *entry = table_get(descriptor);
        if (done < length && (entry == NULL || entry->operations->fcntl_getfl == NULL ||
                              (entry->operations->fcntl_getfl(entry->data) & O_NONBLOCK) != 0)) {
            break;
        }
    } while (done < length);
    return (ssize_t)done;
}

OVERRIDE int eryx_fcntl(int descriptor, int command, ...) {
    Entry *entry = table_get(descriptor);
    if (entry == NULL || is_dead(entry)) {
        return fail(EBADF);
    }
    bool duplicates = command == DUPLICATE || command == DUPLICATE_CLOSING;
    va_list rest;
    va_start(rest, command);
    int argument = duplicates || command == F_SETFD || command == F_SETFL ? va_arg(rest, int) : 0;
    va_end(rest);
    return duplicates ? duplicate_from(descriptor, argument) : fcntl(descriptor, command, argument);
}
