/* The index of a write-ahead log, which SQLite keeps in memory that all its users share. Here it is in
 * the heap: the users are connections of one program. It is made again from the log when it is gone,
 * and when the log is not as this program left it: then another one has written to the database. */
#include "sqlite_system.h"

#include <string.h>
#include <sys/stat.h>

/* The locks of readers are behind those of the writer, of checkpoints and of recovery, under which a
 * log may be changed. */
enum { WRITER = 0, FIRST_READER = 3, CHANGING = (1 << FIRST_READER) - 1 };

/* The header of an index, two copies of it: SQLite makes an index anew whose header is all zeros. */
enum { HEADER_SIZE = 2 * 48 };

/* What a log was like. */
typedef struct LogState {
    ino_t inode;
    off_t size;
    struct timespec changed;
} LogState;

/* The index of one database. */
struct WalIndex {
    /* How many connections use it. It is freed with the last. */
    int references;
    /* How many connections have each lock with others, and which are held by one alone. */
    int shared[SQLITE_SHM_NLOCK];
    uint8_t exclusive;
    /* The log as this program left it. */
    LogState log;
    /* Regions of one size, made when they are asked for. */
    int region_count;
    void **regions;
};

/* What the log of a database is like now; all zeros when it has none. */
static LogState state_of_log(const SqliteFile *file) {
    char path[SQLITE_PATH_SIZE];
    struct stat status;
    sqlite3_snprintf(sizeof path, path, "%s" SQLITE_LOG_ENDING, file->path);
    if (stat(path, &status) != 0) {
        return (LogState){0};
    }
    return (LogState){status.st_ino, status.st_size, status.st_mtim};
}

/* Whether nobody has a lock of the index. */
static bool is_unused(const WalIndex *index) {
    bool is_unused = index->exclusive == 0;
    for (int slot = 0; slot < SQLITE_SHM_NLOCK; slot++) {
        is_unused &= index->shared[slot] == 0;
    }
    return is_unused;
}

/* Whether another program has written to the log of a database, or ended it. */
static bool has_changed(const SqliteFile *file, const WalIndex *index) {
    LogState now = state_of_log(file);
    return now.inode != index->log.inode || now.size != index->log.size ||
           now.changed.tv_sec != index->log.changed.tv_sec ||
           now.changed.tv_nsec != index->log.changed.tv_nsec;
}

/* Notes that a connection uses the index, which it makes when it is the first. */
static int join(SqliteFile *file) {
    SqliteNode *node = file->node;
    if (node->wal_index == NULL) {
        WalIndex *made = sqlite3_malloc(sizeof *made);
        if (made == NULL) {
            return SQLITE_NOMEM;
        }
        *made = (WalIndex){.log = state_of_log(file)};
        node->wal_index = made;
    }
    node->wal_index->references++;
    file->has_wal_index = true;
    return SQLITE_OK;
}

int sqlite_wal_index_map(sqlite3_file *base, int region, int size, int extend,
                         void volatile **address) {
    SqliteFile *file = (SqliteFile *)base;
    *address = NULL;
    if (file->node == NULL) {
        return SQLITE_IOERR_SHMOPEN;
    }
    if (!file->has_wal_index && join(file) != SQLITE_OK) {
        return SQLITE_NOMEM;
    }
    WalIndex *index = file->node->wal_index;
    if (region >= index->region_count) {
        if (!extend) {
            return SQLITE_OK;
        }
        void **longer = sqlite3_realloc64(index->regions,
                                          ((sqlite3_uint64)region + 1) * sizeof *longer);
        if (longer == NULL) {
            return SQLITE_NOMEM;
        }
        index->regions = longer;
        while (index->region_count <= region) {
            void *memory = sqlite3_malloc(size);
            if (memory == NULL) {
                return SQLITE_NOMEM;
            }
            memset(memory, 0, (size_t)size);
            index->regions[index->region_count++] = memory;
        }
    }
    *address = index->regions[region];
    return SQLITE_OK;
}

/* Gives back those of a connection's locks that `mask` names. */
static void release(SqliteFile *file, WalIndex *index, uint8_t mask) {
    for (int slot = 0; slot < SQLITE_SHM_NLOCK; slot++) {
        if ((file->wal_shared & mask & (1 << slot)) != 0) {
            index->shared[slot]--;
        }
    }
    index->exclusive &= (uint8_t)~(file->wal_exclusive & mask);
    file->wal_shared &= (uint8_t)~mask;
    file->wal_exclusive &= (uint8_t)~mask;
}

int sqlite_wal_index_lock(sqlite3_file *base, int offset, int count, int flags) {
    SqliteFile *file = (SqliteFile *)base;
    if (!file->has_wal_index) {
        return SQLITE_IOERR_SHMLOCK;
    }
    WalIndex *index = file->node->wal_index;
    uint8_t mask = (uint8_t)(((1u << count) - 1) << offset);
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        bool may_have_written = (file->wal_exclusive & mask & CHANGING) != 0;
        release(file, index, mask);
        if (may_have_written) {
            index->log = state_of_log(file);
        }
        return SQLITE_OK;
    }
    if ((index->exclusive & ~file->wal_exclusive & mask) != 0) {
        return SQLITE_BUSY;
    }
    bool is_shared = (flags & SQLITE_SHM_SHARED) != 0;
    if (is_shared && offset >= FIRST_READER && index->region_count > 0 && is_unused(index) &&
        has_changed(file, index)) {
        /* A reader looks at the header again when it has its lock, and makes the index anew. */
        sqlite_logs_renew(file->path);
        index->log = state_of_log(file);
        memset(index->regions[0], 0, HEADER_SIZE);
    }
    if (!is_shared && offset == WRITER && has_changed(file, index)) {
        /* What this program has read is old. It reads again before it writes. */
        return SQLITE_BUSY;
    }
    for (int slot = 0; slot < SQLITE_SHM_NLOCK && !is_shared; slot++) {
        int own = (file->wal_shared >> slot) & 1;
        if ((mask & (1 << slot)) != 0 && index->shared[slot] > own) {
            return SQLITE_BUSY;
        }
    }
    for (int slot = 0; slot < SQLITE_SHM_NLOCK && is_shared; slot++) {
        if ((mask & ~file->wal_shared & (1 << slot)) != 0) {
            index->shared[slot]++;
        }
    }
    if (is_shared) {
        file->wal_shared |= mask;
    } else {
        index->exclusive |= mask;
        file->wal_exclusive |= mask;
    }
    return SQLITE_OK;
}

void sqlite_wal_index_barrier(sqlite3_file *base) {
    (void)base;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

int sqlite_wal_index_unmap(sqlite3_file *base, int is_deleted) {
    (void)is_deleted;
    SqliteFile *file = (SqliteFile *)base;
    if (!file->has_wal_index) {
        return SQLITE_OK;
    }
    WalIndex *index = file->node->wal_index;
    release(file, index, UINT8_MAX);
    file->has_wal_index = false;
    if (--index->references == 0) {
        for (int region = 0; region < index->region_count; region++) {
            sqlite3_free(index->regions[region]);
        }
        sqlite3_free(index->regions);
        sqlite3_free(index);
        file->node->wal_index = NULL;
    }
    return SQLITE_OK;
}
