/* Files of SQLite on those of libc: reading, writing, and what else is asked of an open one. */
#include "sqlite_system.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Every file that is open. */
static SqliteFile *open_files;

/* Notes why an operation failed, for those who ask, and returns its result. */
static int failed(SqliteFile *file, int result) {
    file->error = errno;
    return result;
}

static int file_close(sqlite3_file *base) {
    SqliteFile *file = (SqliteFile *)base;
    if (file->previous != NULL) {
        file->previous->next = file->next;
    } else {
        open_files = file->next;
    }
    if (file->next != NULL) {
        file->next->previous = file->previous;
    }
    if (file->node != NULL) {
        sqlite_wal_index_unmap(base, 0);
        sqlite_unlock(base, SQLITE_LOCK_NONE);
        sqlite_node_close(file->node);
    }
    if (file->descriptor >= 0) {
        close(file->descriptor);
    }
    file->base.pMethods = NULL;
    return SQLITE_OK;
}

static int file_read(sqlite3_file *base, void *memory, int size, sqlite3_int64 offset) {
    SqliteFile *file = (SqliteFile *)base;
    char *place = memory;
    int left = file->is_empty ? 0 : size;
    while (left > 0) {
        ssize_t count = pread(file->descriptor, place, (size_t)left, offset);
        if (count < 0 && errno != EINTR) {
            return failed(file, SQLITE_IOERR_READ);
        }
        if (count == 0) {
            break;
        }
        if (count > 0) {
            place += count;
            offset += count;
            left -= (int)count;
        }
    }
    size_t missing = (size_t)((char *)memory + size - place);
    /* What lies beyond the end reads as zeros, and SQLite is told. */
    memset(place, 0, missing);
    return missing == 0 ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *base, const void *memory, int size, sqlite3_int64 offset) {
    SqliteFile *file = (SqliteFile *)base;
    const char *place = memory;
    while (size > 0) {
        ssize_t count = pwrite(file->descriptor, place, (size_t)size, offset);
        if (count == 0) {
            return SQLITE_FULL;
        }
        if (count < 0 && errno != EINTR) {
            bool is_full = errno == ENOSPC || errno == EDQUOT;
            return failed(file, is_full ? SQLITE_FULL : SQLITE_IOERR_WRITE);
        }
        if (count > 0) {
            place += count;
            offset += count;
            size -= (int)count;
        }
    }
    return SQLITE_OK;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size) {
    SqliteFile *file = (SqliteFile *)base;
    if (file->is_empty && size == 0) {
        return SQLITE_OK;
    }
    return ftruncate(file->descriptor, size) == 0 ? SQLITE_OK
                                                  : failed(file, SQLITE_IOERR_TRUNCATE);
}

static int file_synchronise(sqlite3_file *base, int flags) {
    SqliteFile *file = (SqliteFile *)base;
    bool data_only = (flags & SQLITE_SYNC_DATAONLY) != 0;
    if ((data_only ? fdatasync(file->descriptor) : fsync(file->descriptor)) != 0) {
        return failed(file, SQLITE_IOERR_FSYNC);
    }
    if (file->directory_unsynchronised) {
        file->directory_unsynchronised = false;
        sqlite_synchronise_directory(file->path);
    }
    return SQLITE_OK;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size) {
    SqliteFile *file = (SqliteFile *)base;
    struct stat status = {0};
    if (!file->is_empty && fstat(file->descriptor, &status) != 0) {
        return failed(file, SQLITE_IOERR_FSTAT);
    }
    *size = status.st_size;
    return SQLITE_OK;
}

/* Whether another file has the path of an open one by now, or none. */
static bool has_moved(const SqliteFile *file) {
    struct stat status;
    return file->node != NULL && file->path != NULL &&
           (stat(file->path, &status) != 0 || status.st_ino != file->node->inode ||
            status.st_dev != file->node->device);
}

/* Sets a switch to 0 or 1 and tells its state: -1 asks only. */
static void exchange(bool *flag, int *value) {
    if (*value >= 0) {
        *flag = *value > 0;
    }
    *value = *flag;
}

static int file_control(sqlite3_file *base, int operation, void *argument) {
    SqliteFile *file = (SqliteFile *)base;
    switch (operation) {
    case SQLITE_FCNTL_LOCKSTATE:
        *(int *)argument = file->level;
        return SQLITE_OK;
    case SQLITE_FCNTL_LAST_ERRNO:
        *(int *)argument = file->error;
        return SQLITE_OK;
    case SQLITE_FCNTL_PERSIST_WAL:
        exchange(&file->keeps_wal, argument);
        return SQLITE_OK;
    case SQLITE_FCNTL_POWERSAFE_OVERWRITE:
        exchange(&file->powersafe, argument);
        return SQLITE_OK;
    case SQLITE_FCNTL_HAS_MOVED:
        *(int *)argument = has_moved(file);
        return SQLITE_OK;
    case SQLITE_FCNTL_TEMPFILENAME: {
        char path[SQLITE_PATH_SIZE];
        int result = sqlite_temporary_path(path);
        *(char **)argument = result == SQLITE_OK ? sqlite3_mprintf("%s", path) : NULL;
        return result;
    }
    default:
        return SQLITE_NOTFOUND;
    }
}

static int file_sector_size(sqlite3_file *base) {
    (void)base;
    return 0; /* SQLite's own default. */
}

static int file_characteristics(sqlite3_file *base) {
    const SqliteFile *file = (const SqliteFile *)base;
    return SQLITE_IOCAP_SUBPAGE_READ | (file->powersafe ? SQLITE_IOCAP_POWERSAFE_OVERWRITE : 0);
}

/* Version 2: with a WAL index, without memory mapping. */
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_synchronise,
    .xFileSize = file_size,
    .xLock = sqlite_lock,
    .xUnlock = sqlite_unlock,
    .xCheckReservedLock = sqlite_check_reserved_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = sqlite_wal_index_map,
    .xShmLock = sqlite_wal_index_lock,
    .xShmBarrier = sqlite_wal_index_barrier,
    .xShmUnmap = sqlite_wal_index_unmap,
};

int sqlite_file_open(SqliteFile *file, const char *path, int descriptor, int flags) {
    *file = (SqliteFile){
        .descriptor = descriptor,
        .is_empty = descriptor < 0,
        .path = path,
        .is_log = (flags & SQLITE_OPEN_WAL) != 0,
        .is_writable = (flags & SQLITE_OPEN_READWRITE) != 0,
        .is_made = (flags & SQLITE_OPEN_CREATE) != 0,
        .powersafe = (flags & SQLITE_OPEN_URI) == 0 || sqlite3_uri_boolean(path, "psow", 1),
        .next = open_files,
        .directory_unsynchronised =
            (flags & SQLITE_OPEN_CREATE) != 0 &&
            (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL)) != 0,
    };
    if ((flags & SQLITE_OPEN_MAIN_DB) != 0) {
        file->node = sqlite_node_open(descriptor);
        if (file->node == NULL) {
            return SQLITE_NOMEM;
        }
    }
    if (open_files != NULL) {
        open_files->previous = file;
    }
    open_files = file;
    file->base.pMethods = &methods;
    return SQLITE_OK;
}

/* Whether a file is the log of a database. */
static bool is_log_of(const SqliteFile *file, const char *database) {
    size_t length = strlen(database);
    return file->is_log && strncmp(file->path, database, length) == 0 &&
           strcmp(file->path + length, SQLITE_LOG_ENDING) == 0;
}

/* Opens a log again if another file has its path by now. */
static void renew(SqliteFile *file) {
    struct stat now = {0}, open_one = {0};
    bool is_there = stat(file->path, &now) == 0;
    if (!file->is_empty && fstat(file->descriptor, &open_one) == 0 && is_there &&
        now.st_ino == open_one.st_ino && now.st_dev == open_one.st_dev) {
        return;
    }
    int options = (file->is_writable ? O_RDWR : O_RDONLY) | (file->is_made ? O_CREAT : 0);
    mode_t mode = sqlite_mode_of(file->path, SQLITE_OPEN_WAL);
    int descriptor = is_there || file->is_made ? open(file->path, options, mode) : -1;
    if (file->descriptor >= 0) {
        close(file->descriptor);
    }
    file->descriptor = descriptor;
    file->is_empty = descriptor < 0;
}

void sqlite_logs_renew(const char *database) {
    for (SqliteFile *file = open_files; file != NULL; file = file->next) {
        if (is_log_of(file, database)) {
            renew(file);
        }
    }
}

void sqlite_files_forget(void) {
    for (SqliteFile *file = open_files; file != NULL; file = file->next) {
        if (file->descriptor >= 0) {
            close(file->descriptor);
            file->descriptor = -1;
        }
        /* Not to be opened again either. */
        file->is_log = false;
        if (file->node != NULL) {
            sqlite_node_forget(file->node);
        }
    }
}

void sqlite_synchronise_directory(const char *path) {
    const char *end = path == NULL ? NULL : strrchr(path, '/');
    char directory[SQLITE_PATH_SIZE];
    size_t length = end == NULL ? 0 : (size_t)(end - path);
    if (end == NULL || length + 2 > sizeof directory) {
        return;
    }
    memcpy(directory, path, length);
    directory[length] = '\0';
    int descriptor = open(length == 0 ? "/" : directory, O_RDONLY | O_DIRECTORY);
    if (descriptor >= 0) {
        /* Not every file system can. */
        (void)fsync(descriptor);
        close(descriptor);
    }
}
