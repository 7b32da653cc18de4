/* Paths as SQLite wants them: absolute, without links, and new ones for temporary files. */
/* For what libc has beyond C. */
#define _GNU_SOURCE

#include "sqlite_system.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The most links that are followed, one after the other. */
enum { MAX_LINKS = 40 };

/* What a name of a temporary file begins with, as SQLite's own does. */
#define TEMPORARY_PREFIX "/etilqs_"

enum { MODE_DEFAULT = 0644, MODE_TEMPORARY = 0600, MODE_BITS = 0777 };

/* Writes an absolute path. False when it is too long, or there is no working directory. */
static bool absolute(const char *path, char *out, size_t size) {
    size_t used = 0;
    if (path[0] != '/') {
        if (getcwd(out, size) == NULL) {
            return false;
        }
        used = strlen(out);
        if (used > 0 && out[used - 1] == '/') {
            used--;
        }
        if (used + 1 >= size) {
            return false;
        }
        out[used++] = '/';
    }
    size_t length = strlen(path);
    if (length >= size - used) {
        return false;
    }
    memcpy(out + used, path, length + 1);
    return true;
}

/* Replaces the last part of a path, if it is a link to something that need not exist, by its target.
 * False when that is too long. */
static bool follow_link(char *path, size_t size, bool *is_link) {
    char target[SQLITE_PATH_SIZE];
    ssize_t length = readlink(path, target, sizeof target - 1);
    *is_link = length >= 0;
    if (length < 0) {
        return true;
    }
    target[length] = '\0';
    size_t kept = target[0] == '/' ? 0 : (size_t)(strrchr(path, '/') + 1 - path);
    if (kept + (size_t)length >= size) {
        return false;
    }
    memcpy(path + kept, target, (size_t)length + 1);
    return true;
}

/* Resolves the directory of a path whose last part does not exist. */
static bool resolve_directory(char *path, size_t size) {
    char *name = strrchr(path, '/') + 1;
    if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
        return true;
    }
    char directory[SQLITE_PATH_SIZE];
    char resolved[SQLITE_PATH_SIZE];
    size_t length = (size_t)(name - path);
    memcpy(directory, path, length);
    directory[length] = '\0';
    if (realpath(directory, resolved) == NULL) {
        /* Opening it will say what is missing. */
        return true;
    }
    size_t kept = strlen(resolved);
    if (kept > 0 && resolved[kept - 1] == '/') {
        kept--;
    }
    size_t name_size = strlen(name) + 1;
    if (kept + 1 + name_size > size) {
        return false;
    }
    memmove(path + kept + 1, name, name_size);
    memcpy(path, resolved, kept);
    path[kept] = '/';
    return true;
}

int sqlite_full_path(sqlite3_vfs *vfs, const char *path, int size, char *full) {
    (void)vfs;
    char found[SQLITE_PATH_SIZE];
    char resolved[SQLITE_PATH_SIZE];
    if (!absolute(path, found, sizeof found)) {
        return SQLITE_CANTOPEN;
    }
    bool is_link = true;
    bool had_links = false;
    for (int links = 0; is_link; links++) {
        if (links > MAX_LINKS || !follow_link(found, sizeof found, &is_link)) {
            return SQLITE_CANTOPEN;
        }
        had_links |= is_link;
    }
    const char *result = found;
    if (realpath(found, resolved) != NULL) {
        result = resolved;
    } else if (!resolve_directory(found, sizeof found)) {
        return SQLITE_CANTOPEN;
    }
    size_t length = strlen(result);
    if (length >= (size_t)size) {
        return SQLITE_CANTOPEN;
    }
    memcpy(full, result, length + 1);
    return had_links ? SQLITE_OK_SYMLINK : SQLITE_OK;
}

/* A directory in which files can be made. */
static const char *temporary_directory(void) {
    const char *candidates[] = {
        sqlite3_temp_directory, getenv("SQLITE_TMPDIR"), getenv("TMPDIR"),
        "/var/tmp",             "/usr/tmp",              "/tmp",
        ".",
    };
    for (size_t index = 0; index < sizeof candidates / sizeof *candidates; index++) {
        struct stat status;
        const char *directory = candidates[index];
        if (directory != NULL && stat(directory, &status) == 0 && S_ISDIR(status.st_mode) &&
            access(directory, W_OK) == 0) {
            return directory;
        }
    }
    return NULL;
}

int sqlite_temporary_path(char *path) {
    const char *directory = temporary_directory();
    if (directory == NULL) {
        return SQLITE_IOERR_GETTEMPPATH;
    }
    sqlite3_uint64 number;
    sqlite3_randomness(sizeof number, &number);
    sqlite3_snprintf(SQLITE_PATH_SIZE, path, "%s" TEMPORARY_PREFIX "%llx", directory, number);
    /* A path that did not fit has lost its number. */
    return strlen(path) < SQLITE_PATH_SIZE - 1 ? SQLITE_OK : SQLITE_IOERR_GETTEMPPATH;
}

mode_t sqlite_mode_of(const char *path, int flags) {
    if ((flags & SQLITE_OPEN_DELETEONCLOSE) != 0) {
        return MODE_TEMPORARY;
    }
    struct stat status;
    const char *end = strrchr(path, '-');
    char database[SQLITE_PATH_SIZE];
    size_t length = end == NULL ? 0 : (size_t)(end - path);
    if ((flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0 && end != NULL &&
        length < sizeof database) {
        memcpy(database, path, length);
        database[length] = '\0';
        if (stat(database, &status) == 0) {
            return status.st_mode & MODE_BITS;
        }
    }
    return MODE_DEFAULT;
}
