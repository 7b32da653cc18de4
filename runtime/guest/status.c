/* What `stat` says of a file, with the mode that WASI does not know: see `runtime/wit`. */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum {
    /* The parts of the upper half of a metadata hash. */
    HASH_MODE = 0xffff,
    HASH_READ_ONLY = 1 << 16,
    HASH_DEVICE_SHIFT = 32,
    /* The unit of `st_blocks`, and what is read best at once, in bytes. */
    BLOCK = 512,
    BEST_LENGTH = 4096,
    FORMAT = 0xf000,
    FORMAT_PIPE = 0x1000,
    FORMAT_CHARACTER_DEVICE = 0x2000,
    FORMAT_SOCKET = 0xc000,
};

int handle_of(int descriptor, Handle *file) {
    Entry *entry = table_get(descriptor);
    if (entry == NULL) {
        return -1;
    }
    if (entry->operations->get_file == NULL) {
        return fail(EINVAL);
    }
    return entry->operations->get_file(entry->data, file);
}

static struct timespec time_of(const OptionalTime *time) {
    if (!time->present) {
        return (struct timespec){0};
    }
    return (struct timespec){.tv_sec = (time_t)time->seconds, .tv_nsec = (long)time->nanoseconds};
}

static int fill(const HashResult *hash, const StatResult *found, struct stat *status,
                bool *read_only) {
    if (hash->failed) {
        return fail_with(hash->error);
    }
    if (found->failed) {
        return fail_with(found->error);
    }
    *status = (struct stat){
        .st_dev = hash->upper >> HASH_DEVICE_SHIFT,
        .st_ino = hash->lower,
        .st_nlink = found->links,
        .st_mode = hash->upper & HASH_MODE,
        .st_size = (off_t)found->size,
        .st_blksize = BEST_LENGTH,
        .st_blocks = (blkcnt_t)((found->size + BLOCK - 1) / BLOCK),
        .st_atim = time_of(&found->accessed),
        .st_mtim = time_of(&found->modified),
        .st_ctim = time_of(&found->changed),
    };
    if (read_only != NULL) {
        *read_only = (hash->upper & HASH_READ_ONLY) != 0;
    }
    return 0;
}

int status_of(Handle file, struct stat *status, bool *read_only) {
    HashResult hash;
    StatResult found;
    wasi_hash(file, &hash);
    wasi_stat(file, &found);
    return fill(&hash, &found, status, read_only);
}

int status_at(int directory, const char *path, bool follow, struct stat *status, bool *read_only) {
    int device = device_descriptor(directory, path);
    if (device != NO_DEVICE) {
        if (read_only != NULL) {
            *read_only = false;
        }
        return device < 0 ? fail(ENXIO) : eryx_fstat(device, status);
    }
    Handle handle = 0;
    Name name;
    if (handle_of(directory, &handle) < 0 || !name_encode(path, &name)) {
        return -1;
    }
    int32_t flags = follow ? FOLLOW_LINKS : 0;
    size_t length = strlen(name.text);
    HashResult hash;
    StatResult found = {.failed = 0};
    wasi_hash_at(handle, flags, name.text, length, &hash);
    if (!hash.failed) {
        wasi_stat_at(handle, flags, name.text, length, &found);
    }
    int result = fill(&hash, &found, status, read_only);
    name_free(&name);
    return result;
}

OVERRIDE int eryx_fstatat(int directory, const char *restrict path, struct stat *restrict status,
                          int flags) {
    return status_at(directory, path, (flags & AT_SYMLINK_NOFOLLOW) == 0, status, NULL);
}

/* libc leaves open what standard streams are, and what may be done with a socket. */
OVERRIDE int eryx_fstat(int descriptor, struct stat *status) {
    if (fstat(descriptor, status) != 0) {
        return -1;
    }
    if (status->st_mode == 0) {
        status->st_mode = isatty(descriptor) ? FORMAT_CHARACTER_DEVICE | 0620 : FORMAT_PIPE | 0600;
        status->st_nlink = 1;
        status->st_ino = (ino_t)descriptor + 1;
    } else if (status->st_mode == FORMAT_SOCKET) {
        status->st_mode |= 0777;
    }
    return 0;
}

OVERRIDE int eryx_faccessat(int directory, const char *path, int mode, int flags) {
    if ((mode & ~(R_OK | W_OK | X_OK)) != 0) {
        return fail(EINVAL);
    }
    struct stat status;
    bool read_only = false;
    if (status_at(directory, path, (flags & AT_SYMLINK_NOFOLLOW) == 0, &status, &read_only) != 0) {
        return -1;
    }
    if ((mode & W_OK) != 0 && read_only) {
        return fail(EROFS);
    }
    /* The user 0 may do all but execute what nobody may. */
    if ((mode & X_OK) != 0 && S_ISREG(status.st_mode) && (status.st_mode & 0111) == 0) {
        return fail(EACCES);
    }
    return 0;
}
