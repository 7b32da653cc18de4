/* The calls that take paths, where libc has found the open directory that a path starts from.
 *
 * All that take one come through here, those of the C library that use others too, so that names that are not
 * UTF-8, the modes of new files and the paths of `/dev` are a matter of these functions alone. */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wasi/libc-find-relpath.h>
#include <wasi/libc-nocwd.h>

/* Of wasi-libc. They have no public header that says so. */
int __wasilibc_nocwd___wasilibc_rmdirat(int directory, const char *path);
int __wasilibc_nocwd___wasilibc_unlinkat(int directory, const char *path);

enum {
    /* The longest target of a link, in bytes of the host's text. */
    MAX_TARGET = 4 * 4096,
};

int find_relative(const char *path, char **relative, size_t *size) {
    const char *prefix = NULL;
    return __wasilibc_find_relpath_alloc(path, &prefix, relative, size, 1);
}

/* An empty path names nothing; libc takes it for the working directory. */
OVERRIDE int eryx_find_relpath_alloc(const char *path, const char **prefix, char **relative,
                                     size_t *size, int can_grow) {
    if (path[0] == '\0') {
        return fail(ENOENT);
    }
    return __wasilibc_find_relpath_alloc(path, prefix, relative, size, can_grow);
}

OVERRIDE int eryx_openat_nomode(int directory, const char *path, int flags) {
    int device = device_descriptor(directory, path);
    if (device != NO_DEVICE) {
        return device < 0 ? fail(ENXIO) : descriptor_duplicate(device);
    }
    Name name;
    if (!name_encode(path, &name)) {
        return -1;
    }
    /* As on Linux, where O_RDONLY is 0. */
    if ((flags & O_ACCMODE) == 0) {
        flags |= O_RDONLY;
    }
    if ((flags & O_CREAT) != 0) {
        modes_announce_file();
    }
    int opened = __wasilibc_nocwd_openat_nomode(directory, name.text, flags);
    name_free(&name);
    if (opened < 0 && *__errno_location() == ENOMEM) {
        /* All that the host lacks memory for is one more open file. */
        *__errno_location() = EMFILE;
    }
    return opened;
}

OVERRIDE int eryx_mkdirat_nomode(int directory, const char *path) {
    Name name;
    if (!name_encode(path, &name)) {
        return -1;
    }
    modes_announce_directory();
    int result = __wasilibc_nocwd_mkdirat_nomode(directory, name.text);
    name_free(&name);
    return result;
}

OVERRIDE int eryx_utimensat(int directory, const char *path, const struct timespec times[2],
                            int flags) {
    Name name;
    if (!name_encode(path, &name)) {
        return -1;
    }
    int result = __wasilibc_nocwd_utimensat(directory, name.text, times, flags);
    name_free(&name);
    return result;
}

OVERRIDE int eryx_rmdirat(int directory, const char *path) {
    Name name;
    if (!name_encode(path, &name)) {
        return -1;
    }
    int result = __wasilibc_nocwd___wasilibc_rmdirat(directory, name.text);
    name_free(&name);
    return result;
}

OVERRIDE int eryx_unlinkat(int directory, const char *path) {
    Name name;
    if (!name_encode(path, &name)) {
        return -1;
    }
    int result = __wasilibc_nocwd___wasilibc_unlinkat(directory, name.text);
    name_free(&name);
    return result;
}

OVERRIDE int eryx_linkat(int old_directory, const char *old, int new_directory, const char *new,
                         int flags) {
    Name from, to;
    if (!name_encode(old, &from)) {
        return -1;
    }
    int result = -1;
    if (name_encode(new, &to)) {
        result = __wasilibc_nocwd_linkat(old_directory, from.text, new_directory, to.text, flags);
        name_free(&to);
    }
    name_free(&from);
    return result;
}

OVERRIDE int eryx_renameat(int old_directory, const char *old, int new_directory, const char *new) {
    Name from, to;
    if (!name_encode(old, &from)) {
        return -1;
    }
    int result = -1;
    if (name_encode(new, &to)) {
        result = __wasilibc_nocwd_renameat(old_directory, from.text, new_directory, to.text);
        name_free(&to);
    }
    name_free(&from);
    return result;
}

OVERRIDE int eryx_symlinkat(const char *target, int directory, const char *path) {
    Name to, name;
    if (!name_encode(target, &to)) {
        return -1;
    }
    int result = -1;
    if (name_encode(path, &name)) {
        result = __wasilibc_nocwd_symlinkat(to.text, directory, name.text);
        name_free(&name);
    }
    name_free(&to);
    return result;
}

OVERRIDE ssize_t eryx_readlinkat(int directory, const char *restrict path, char *restrict buffer,
                                 size_t size) {
    Name name;
    if (!name_encode(path, &name)) {
        return -1;
    }
    char *target = malloc(MAX_TARGET);
    ssize_t length = -1;
    if (target == NULL) {
        fail(ENOMEM);
    } else {
        length = __wasilibc_nocwd_readlinkat(directory, name.text, target, MAX_TARGET);
    }
    if (length > 0) {
        size_t decoded = name_decode(target, (size_t)length);
        length = (ssize_t)(decoded < size ? decoded : size);
        memcpy(buffer, target, (size_t)length);
    }
    name_free(&name);
    name_free(&(Name){NULL, target});
    return length;
}
