/* How programs share a write-ahead log. SQLite's own system has the index of a log in memory that programs
 * share, in a file beside the database. A sandbox shares no memory: each program has an index of its own
 * (see `sqlite_wal_index.c`), and the file serves to lock, and to tell each other of changes.
 *
 * - A program that reads locks all bytes that stand for SQLite's locks in that file, with others; one that
 *   changes the log or the database locks them alone. So a program with SQLite's own system finds the log
 *   taken while a sandbox changes it, and the other way round.
 * - Before a program changes anything, it makes the header of the index in the file zero, from which
 *   SQLite's own system concludes that its index is to be made anew, and writes a new stamp behind it. A
 *   program that finds another header or stamp than it has seen last makes its own index anew. */
/* For what libc has beyond C. */
#define _GNU_SOURCE

#include "sqlite_system.h"

#include "../guest/files.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The bytes of the file that stand for locks. SQLite keeps nothing in them, so that the stamp lies there. */
enum { LOCK_BYTES = 120 };

/* Whoever has the file open locks this byte with others. Who can lock it alone is the first, and empties the
 * file: what is in it may be from before a crash. */
enum { OPEN_BYTE = LOCK_BYTES + SQLITE_SHM_NLOCK };

_Static_assert(SQLITE_SHM_NLOCK == sizeof(uint64_t), "the stamp lies where the locks are");

/* What the file begins with. */
typedef struct Beginning {
    uint8_t header[WAL_HEADER_SIZE];
    uint8_t readers[LOCK_BYTES - WAL_HEADER_SIZE];
    uint64_t stamp;
} Beginning;

/* Writes the path of what belongs to a database into `path`, of SQLITE_PATH_SIZE bytes. */
static void path_beside(const SqliteFile *file, const char *ending, char *path) {
    sqlite3_snprintf(SQLITE_PATH_SIZE, path, "%s%s", file->path, ending);
}

/* Whether files beside the database are on its device. Otherwise it is mounted alone, and a log beside it
 * is not the one that other programs have. */
static bool is_beside(const SqliteFile *file) {
    char directory[SQLITE_PATH_SIZE];
    struct stat status;
    path_beside(file, "", directory);
    char *end = strrchr(directory, '/');
    if (end == NULL) {
        return false;
    }
    end[end == directory] = '\0';
    return stat(directory, &status) == 0 && status.st_dev == file->node->device;
}

/* Makes the first region, all zeros, if there is none. SQLite's own system waits for whoever makes it, and
 * not as long as it was told to wait for locks. */
static bool make_region(int descriptor) {
    struct stat status = {0};
    return fstat(descriptor, &status) == 0 &&
           (status.st_size >= WAL_REGION_SIZE || ftruncate(descriptor, WAL_REGION_SIZE) == 0);
}

/* Notes for other programs that this one has the file open. */
static int register_user(const WalShare *share) {
    if (share->is_writable &&
        sqlite_lock_bytes(share->descriptor, LOCK_EXCLUSIVE, OPEN_BYTE, 1) == SQLITE_OK &&
        (ftruncate(share->descriptor, 0) != 0 || !make_region(share->descriptor))) {
        return SQLITE_IOERR_SHMSIZE;
    }
    return sqlite_lock_bytes(share->descriptor, LOCK_SHARED, OPEN_BYTE, 1);
}

int sqlite_wal_share_open(const SqliteFile *file, WalShare *share) {
    char path[SQLITE_PATH_SIZE];
    if (file->is_unlocked) {
        return SQLITE_OK;
    }
    if (share->descriptor >= 0) {
        close(share->descriptor);
    }
    path_beside(file, SQLITE_INDEX_ENDING, path);
    mode_t mode = sqlite_mode_of(path, SQLITE_OPEN_WAL);
    share->descriptor = is_beside(file) ? open(path, O_RDWR | O_CREAT | O_NOFOLLOW, mode) : -1;
    share->is_writable = share->descriptor >= 0;
    if (!share->is_writable) {
        share->descriptor = open(path, O_RDONLY | O_NOFOLLOW);
    }
    /* Where nothing can be written, there is none as long as nobody writes to the database. */
    int result = share->is_writable || !file->is_writable ? SQLITE_OK : SQLITE_CANTOPEN;
    if (result == SQLITE_OK && share->descriptor >= 0) {
        result = register_user(share);
    }
    if (result != SQLITE_OK) {
        sqlite_wal_share_close(file, share, false);
    }
    return result;
}

void sqlite_wal_share_close(const SqliteFile *file, WalShare *share, bool is_deleted) {
    char path[SQLITE_PATH_SIZE];
    if (share->descriptor >= 0 && is_deleted && share->is_writable) {
        path_beside(file, SQLITE_INDEX_ENDING, path);
        unlink(path);
    }
    if (share->descriptor >= 0) {
        close(share->descriptor);
    }
    share->descriptor = -1;
}

/* What the log of a database is like now; all zeros when it has none. */
static LogState state_of_log(const SqliteFile *file) {
    char path[SQLITE_PATH_SIZE];
    struct stat status;
    path_beside(file, SQLITE_LOG_ENDING, path);
    if (stat(path, &status) != 0) {
        return (LogState){0};
    }
    return (LogState){status.st_ino, status.st_size, status.st_mtim};
}

/* Whether another program has changed the log since this one looked last. */
static bool has_changed(const SqliteFile *file, WalShare *share) {
    if (share->descriptor < 0) {
        LogState before = share->log;
        share->log = state_of_log(file);
        return before.inode != share->log.inode || before.size != share->log.size ||
               before.changed.tv_sec != share->log.changed.tv_sec ||
               before.changed.tv_nsec != share->log.changed.tv_nsec;
    }
    Beginning now = {0};
    /* What is behind the end counts as zeros. */
    (void)pread(share->descriptor, &now, sizeof now, 0);
    bool is_same = share->stamp_seen == now.stamp &&
                   memcmp(share->header_seen, now.header, sizeof now.header) == 0;
    share->stamp_seen = now.stamp;
    memcpy(share->header_seen, now.header, sizeof now.header);
    return !is_same;
}

/* Tells others that the log is about to change. */
static int announce(WalShare *share) {
    Beginning beginning = {0};
    if (!make_region(share->descriptor)) {
        return SQLITE_IOERR_SHMSIZE;
    }
    sqlite3_randomness(sizeof beginning.stamp, &beginning.stamp);
    ssize_t written = pwrite(share->descriptor, &beginning, sizeof beginning, 0);
    share->stamp_seen = beginning.stamp;
    memset(share->header_seen, 0, sizeof share->header_seen);
    return written == (ssize_t)sizeof beginning ? SQLITE_OK : SQLITE_IOERR_SHMLOCK;
}

/* Changes the lock of the file, if there is one. */
static int lock_file(const WalShare *share, WalUse use) {
    static const LockChange changes[] = {
        [WAL_UNUSED] = LOCK_RELEASE,
        [WAL_READ] = LOCK_SHARED,
        [WAL_CHANGED] = LOCK_EXCLUSIVE,
    };
    if (share->descriptor < 0) {
        return SQLITE_OK;
    }
    int result = sqlite_lock_bytes(share->descriptor, changes[use], LOCK_BYTES, SQLITE_SHM_NLOCK);
    return result == SQLITE_IOERR_LOCK ? SQLITE_IOERR_SHMLOCK : result;
}

int sqlite_wal_share_take(const SqliteFile *file, WalShare *share, WalUse use, bool *is_other) {
    *is_other = false;
    if (use <= share->use) {
        return SQLITE_OK;
    }
    bool was_unused = share->use == WAL_UNUSED;
    int result = SQLITE_OK;
    if (was_unused && share->descriptor < 0) {
        result = sqlite_wal_share_open(file, share);
    }
    if (result == SQLITE_OK) {
        result = lock_file(share, use);
    }
    if (result != SQLITE_OK) {
        return result;
    }
    share->use = use;
    *is_other = was_unused && has_changed(file, share);
    return use == WAL_CHANGED && share->descriptor >= 0 ? announce(share) : SQLITE_OK;
}

int sqlite_wal_share_give(const SqliteFile *file, WalShare *share, WalUse use) {
    if (use >= share->use) {
        return SQLITE_OK;
    }
    if (use == WAL_UNUSED && share->descriptor < 0) {
        share->log = state_of_log(file);
    }
    share->use = use;
    return lock_file(share, use);
}
