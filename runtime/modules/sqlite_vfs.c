/* The system that SQLite runs on, as libc and WASI have it: opening files, time, random numbers. */
/* For what libc has beyond C. */
#define _GNU_SOURCE

#include "sqlite_system.h"
#include "sqlite_state.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* How often another name is tried for a temporary file. */
enum { MAX_TRIES = 16 };

/* The most bytes that libc gives in one piece. */
enum { MAX_ENTROPY = 256 };

/* The name of the system without locks between programs. */
#define SYSTEM_WITHOUT_LOCKS "unix-none"

/* Milliseconds between noon of the day that the Julian count begins with and 1970. */
static const sqlite3_int64 UNIX_EPOCH = INT64_C(24405875) * 8640000;

enum { MILLISECONDS = 1000, NANOSECONDS_PER_MILLISECOND = 1000000 };

static int last_error;

/* Whether SQLite has been started. */
static bool is_started;

/* Whether an error says that nothing can be made or changed there. */
static bool is_refused(int error) {
    return error == EACCES || error == EPERM || error == EROFS || error == ENOTDIR ||
           error == EBUSY || error == ENOTSUP;
}

/* Opens or makes a file under a new name, which is gone at once. */
static int open_temporary(void) {
    char path[SQLITE_PATH_SIZE];
    for (int tries = 0; tries < MAX_TRIES; tries++) {
        if (sqlite_temporary_path(path) != SQLITE_OK) {
            return -1;
        }
        mode_t mode = sqlite_mode_of(path, SQLITE_OPEN_DELETEONCLOSE);
        int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL, mode);
        if (descriptor >= 0) {
            unlink(path);
            return descriptor;
        }
        if (errno != EEXIST) {
            return -1;
        }
    }
    return -1;
}

/* Opens a named file. `flags` loses its right to write when the file has none. */
static int open_named(const char *path, int *flags) {
    int access_mode = (*flags & SQLITE_OPEN_READWRITE) != 0 ? O_RDWR : O_RDONLY;
    int options = ((*flags & SQLITE_OPEN_CREATE) != 0 ? O_CREAT : 0) |
                  ((*flags & SQLITE_OPEN_EXCLUSIVE) != 0 ? O_EXCL : 0) |
                  ((*flags & SQLITE_OPEN_NOFOLLOW) != 0 ? O_NOFOLLOW : 0);
    int descriptor = open(path, access_mode | options, sqlite_mode_of(path, *flags));
    if (descriptor >= 0 || access_mode == O_RDONLY || errno == EISDIR) {
        return descriptor;
    }
    int error = errno;
    descriptor = open(path, O_RDONLY | (options & O_NOFOLLOW));
    if (descriptor < 0) {
        errno = error;
        return -1;
    }
    *flags = (*flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
    return descriptor;
}

/* A file that could not be opened. */
static int refused(SqliteFile *file, const char *path, int flags, int *out_flags) {
    last_error = errno;
    bool is_new = is_refused(last_error) && access(path, F_OK) != 0;
    if (is_new && (flags & SQLITE_OPEN_WAL) != 0) {
        /* A database in WAL mode that was closed properly has no log. Where none can be made, it is
         * read as if it had an empty one. */
        *out_flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
        return sqlite_file_open(file, path, -1, *out_flags);
    }
    if (is_new && (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL)) != 0) {
        return SQLITE_READONLY_DIRECTORY;
    }
    return SQLITE_CANTOPEN;
}

static int vfs_open(sqlite3_vfs *vfs, sqlite3_filename path, sqlite3_file *base, int flags,
                    int *out_flags) {
    SqliteFile *file = (SqliteFile *)base;
    int granted = flags;
    int ignored;
    if (out_flags == NULL) {
        out_flags = &ignored;
    }
    base->pMethods = NULL;
    int descriptor = path == NULL ? open_temporary() : open_named(path, &granted);
    if (descriptor < 0) {
        return path == NULL ? SQLITE_CANTOPEN : refused(file, path, flags, out_flags);
    }
    if (path != NULL && (flags & SQLITE_OPEN_DELETEONCLOSE) != 0) {
        unlink(path);
    }
    int result = sqlite_file_open(file, path, descriptor, granted);
    file->is_unlocked = strcmp(vfs->zName, SYSTEM_WITHOUT_LOCKS) == 0;
    if (result != SQLITE_OK) {
        close(descriptor);
        return result;
    }
    *out_flags = granted;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int synchronise_directory) {
    (void)vfs;
    if (unlink(path) != 0) {
        last_error = errno;
        return errno == ENOENT || errno == ENOTDIR ? SQLITE_IOERR_DELETE_NOENT
                                                   : SQLITE_IOERR_DELETE;
    }
    if (synchronise_directory) {
        sqlite_synchronise_directory(path);
    }
    return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *answer) {
    (void)vfs;
    struct stat status;
    if (flags == SQLITE_ACCESS_EXISTS) {
        /* An empty journal is as good as none. */
        *answer = stat(path, &status) == 0 && (!S_ISREG(status.st_mode) || status.st_size > 0);
    } else {
        *answer = access(path, flags == SQLITE_ACCESS_READWRITE ? R_OK | W_OK : R_OK) == 0;
    }
    return SQLITE_OK;
}

static int vfs_randomness(sqlite3_vfs *vfs, int size, char *memory) {
    (void)vfs;
    int done = 0;
    while (done < size) {
        int piece = size - done < MAX_ENTROPY ? size - done : MAX_ENTROPY;
        if (getentropy(memory + done, (size_t)piece) != 0) {
            break;
        }
        done += piece;
    }
    return done;
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds) {
    (void)vfs;
    usleep((useconds_t)(microseconds < 0 ? 0 : microseconds));
    return microseconds;
}

static int vfs_time(sqlite3_vfs *vfs, sqlite3_int64 *milliseconds) {
    (void)vfs;
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) {
        last_error = errno;
        return SQLITE_ERROR;
    }
    *milliseconds = UNIX_EPOCH + (sqlite3_int64)now.tv_sec * MILLISECONDS +
                    now.tv_nsec / NANOSECONDS_PER_MILLISECOND;
    return SQLITE_OK;
}

static int vfs_last_error(sqlite3_vfs *vfs, int size, char *text) {
    (void)vfs;
    if (size > 0) {
        sqlite3_snprintf(size, text, "%s", strerror(last_error));
    }
    return last_error;
}

/* One system, under the names that programs for Unix know. Two of them have other locks there: here they have
 * those of `unix`. */
#define SYSTEM(name)                                                                               \
    {                                                                                              \
        .iVersion = 2, .szOsFile = sizeof(SqliteFile), .mxPathname = SQLITE_PATH_SIZE - 16,        \
        .zName = name, .xOpen = vfs_open, .xDelete = vfs_delete, .xAccess = vfs_access,            \
        .xFullPathname = sqlite_full_path, .xRandomness = vfs_randomness, .xSleep = vfs_sleep,     \
        .xGetLastError = vfs_last_error, .xCurrentTimeInt64 = vfs_time,                            \
    }

static sqlite3_vfs systems[] = {SYSTEM("unix"), SYSTEM(SYSTEM_WITHOUT_LOCKS),
                                SYSTEM("unix-dotfile"), SYSTEM("unix-excl")};

int sqlite3_os_init(void) {
    is_started = true;
    for (size_t index = 0; index < sizeof systems / sizeof *systems; index++) {
        sqlite3_vfs_register(&systems[index], index == 0);
    }
    return SQLITE_OK;
}

int sqlite3_os_end(void) {
    return SQLITE_OK;
}

void sqlite_state_leave(void) {
    sqlite_files_forget();
    /* The generator seeds itself from the system when it is used next. Asking would start SQLite. */
    if (is_started) {
        sqlite3_randomness(0, NULL);
    }
}
