/* Open files and directories, in the place of libc's.
 *
 * libc reads and writes a file through two streams that do not know of each other: after a read, a write and a
 * read in turn each goes on where its own stream was, and seeking to the end leaves the stream of reads where
 * it is. Its position of a file that is open for appending is the end whenever it is asked for. Here a file has
 * one position, and each read and write names it. Reads and writes are whole, and say why they failed. */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An open file. */
typedef struct File {
    Handle handle;
    int flags;
    /* Something was appended since: the position is the end, wherever that is. */
    bool is_at_end;
    int64_t position;
} File;

enum {
    /* The most bytes that the host reads or takes at once. */
    PIECE = 1 << 20,
    /* The flags that `fcntl` reports, and those that it changes. */
    CHANGEABLE = O_APPEND | O_NONBLOCK,
    REPORTED = CHANGEABLE | O_ACCMODE | O_SYNC | O_DSYNC,
};

/* The offset at which the host appends. */
static const uint64_t THE_END = UINT64_MAX;

static void file_free(void *data) {
    File *file = data;
    wasi_drop(file->handle);
    free(file);
}

static int file_get(void *data, Handle *handle) {
    *handle = ((File *)data)->handle;
    return 0;
}

static int file_status(void *data, struct stat *status) {
    return status_of(((File *)data)->handle, status, NULL);
}

static int file_set_blocking(void *data, bool blocking) {
    File *file = data;
    file->flags = blocking ? file->flags & ~O_NONBLOCK : file->flags | O_NONBLOCK;
    return 0;
}

static int file_flags(void *data) {
    return ((File *)data)->flags & REPORTED;
}

static int file_set_flags(void *data, int flags) {
    File *file = data;
    file->flags = (file->flags & ~CHANGEABLE) | (flags & CHANGEABLE);
    return 0;
}

/* The length of a file, or -1 with `errno` set. */
static int64_t file_length(const File *file) {
    StatResult result;
    wasi_stat(file->handle, &result);
    return result.failed ? fail_with(result.error) : (int64_t)result.size;
}

/* Makes the position a number. False, with `errno` set, when that fails. */
static bool file_settle(File *file) {
    if (file->is_at_end) {
        int64_t length = file_length(file);
        if (length < 0) {
            return false;
        }
        file->position = length;
        file->is_at_end = false;
    }
    return true;
}

static int64_t file_seek(void *data, int64_t offset, int whence) {
    File *file = data;
    int64_t start = 0;
    if (whence == SEEK_CUR) {
        if (!file_settle(file)) {
            return -1;
        }
        start = file->position;
    } else if (whence == SEEK_END) {
        start = file_length(file);
        if (start < 0) {
            return -1;
        }
    } else if (whence != SEEK_SET) {
        return fail(EINVAL);
    }
    int64_t position = 0;
    if (__builtin_add_overflow(start, offset, &position) || position < 0) {
        return fail(EINVAL);
    }
    file->position = position;
    file->is_at_end = false;
    return position;
}

static ssize_t file_read(void *data, void *buffer, size_t length, int flags,
                         struct sockaddr *address, socklen_t *address_length) {
    (void)flags, (void)address, (void)address_length;
    File *file = data;
    if (!file_settle(file)) {
        return -1;
    }
    size_t done = 0;
    do {
        size_t piece = length - done < PIECE ? length - done : PIECE;
        ReadResult result;
        wasi_read(file->handle, piece, (uint64_t)file->position, &result);
        if (result.failed) {
            return done > 0 ? (ssize_t)done : fail_with(result.error);
        }
        if (result.length == 0) {
            break;
        }
        memcpy((uint8_t *)buffer + done, result.data, result.length);
        free(result.data);
        done += result.length;
        file->position += (int64_t)result.length;
    } while (done < length);
    return (ssize_t)done;
}

static ssize_t file_write(void *data, const void *buffer, size_t length, int flags,
                          const struct sockaddr *address, socklen_t address_length) {
    (void)flags, (void)address, (void)address_length;
    File *file = data;
    bool appends = (file->flags & O_APPEND) != 0;
    if (!appends && !file_settle(file)) {
        return -1;
    }
    size_t done = 0;
    do {
        size_t piece = length - done < PIECE ? length - done : PIECE;
        WriteResult result;
        wasi_write(file->handle, (const uint8_t *)buffer + done, piece,
                   appends ? THE_END : (uint64_t)file->position, &result);
        if (result.failed) {
            return done > 0 ? (ssize_t)done : fail_with(result.error);
        }
        done += (size_t)result.length;
        file->position += (int64_t)result.length;
        /* Appending nothing moves nothing. */
        file->is_at_end = appends ? file->is_at_end || length > 0 : false;
    } while (done < length);
    /* The end as it is now: what others append later is ahead of this position. */
    file_settle(file);
    return (ssize_t)done;
}

bool is_file(const Entry *entry) {
    return entry->operations->get_file == file_get;
}

/* An open file. NULL, with `errno` set, when the descriptor is something else. */
static File *file_of(int descriptor) {
    Entry *entry = table_get(descriptor);
    if (entry == NULL) {
        return NULL;
    }
    if (!is_file(entry)) {
        fail(is_dead(entry) ? EBADF : ESPIPE);
        return NULL;
    }
    return entry->data;
}

/* libc's reads a part, and touches what is not there when the host refuses. */
ssize_t descriptor_pread(int descriptor, void *buffer, size_t length, off_t offset) {
    File *file = file_of(descriptor);
    if (file == NULL || offset < 0) {
        return file == NULL ? -1 : fail(EINVAL);
    }
    File at = {.handle = file->handle, .flags = file->flags, .position = offset};
    return file_read(&at, buffer, length, 0, NULL, NULL);
}

/* As on Linux, what is open for appending is appended to. */
OVERRIDE ssize_t eryx_pwrite(int descriptor, const void *buffer, size_t length, off_t offset) {
    File *file = file_of(descriptor);
    if (file == NULL || offset < 0) {
        return file == NULL ? -1 : fail(EINVAL);
    }
    File at = {.handle = file->handle, .flags = file->flags, .position = offset};
    return file_write(&at, buffer, length, 0, NULL, 0);
}

/* A file is always ready. */
static int file_poll(void *data, void *state, short events) {
    (void)data;
    __wasilibc_poll_ready(state, events & (POLLRDNORM | POLLWRNORM));
    return 0;
}

static const Operations operations = {
    .free = file_free,
    .get_file = file_get,
    .fstat = file_status,
    .set_blocking = file_set_blocking,
    .fcntl_getfl = file_flags,
    .fcntl_setfl = file_set_flags,
    .seek = file_seek,
    .recvfrom = file_read,
    .sendto = file_write,
    .poll_register = file_poll,
};

/* Gives an open file of the host a number, the lowest that is free. */
OVERRIDE int eryx_add_file(Handle handle, int flags) {
    File *file = calloc(1, sizeof *file);
    if (file == NULL) {
        wasi_drop(handle);
        return fail(ENOMEM);
    }
    *file = (File){.handle = handle, .flags = flags};
    return table_insert((Entry){file, &operations}, 0);
}
