/* The index of a write-ahead log, which SQLite keeps in memory that all its users share. Here it is in
 * the heap: the users are connections of one program. It is made again from the log when it is gone,
 * and when another program has changed the log: see `sqlite_wal_share.c`. */
#include "sqlite_system.h"

#include <string.h>
#include <unistd.h>

/* The locks of SQLite: of who writes, of who moves what is in the log into the database, of who makes the
 * index, and those of readers behind them. */
enum { WRITER = 1 << 0, CHECKPOINTER = 1 << 1, FIRST_READER = 3 };

/* The index of one database. */
struct WalIndex {
    /* How many connections use it. It is freed with the last. */
    int references;
    /* How many connections have each lock with others, and which are held by one alone. */
    int shared[SQLITE_SHM_NLOCK];
    uint8_t exclusive;
    /* Those among the latter under which the log or the database is changed. */
    uint8_t changing;
    WalShare share;
    /* Regions of one size, made when they are asked for. */
    int region_count;
    void **regions;
};

/* Whether nobody has a lock of the index. */
static bool is_unused(const WalIndex *index) {
    bool is_unused = index->exclusive == 0;
    for (int slot = 0; slot < SQLITE_SHM_NLOCK; slot++) {
        is_unused &= index->shared[slot] == 0;
    }
    return is_unused;
}

/* Frees the index of a database, and with `is_deleted` removes what programs share of it. */
static void free_index(SqliteFile *file, bool is_deleted) {
    WalIndex *index = file->node->wal_index;
    sqlite_wal_share_close(file, &index->share, is_deleted);
    for (int region = 0; region < index->region_count; region++) {
        sqlite3_free(index->regions[region]);
    }
    sqlite3_free(index->regions);
    sqlite3_free(index);
    file->node->wal_index = NULL;
}

/* Notes that a connection uses the index, which it makes when it is the first. */
static int join(SqliteFile *file) {
    SqliteNode *node = file->node;
    WalIndex *index = node->wal_index;
    if (index == NULL) {
        index = sqlite3_malloc(sizeof *index);
        if (index == NULL) {
            return SQLITE_NOMEM;
        }
        *index = (WalIndex){.share.descriptor = -1};
        node->wal_index = index;
    }
    int result = SQLITE_OK;
    if (index->references == 0 || (file->is_writable && !index->share.is_writable)) {
        bool is_used = index->share.use != WAL_UNUSED;
        result = is_used ? SQLITE_BUSY : sqlite_wal_share_open(file, &index->share);
    }
    if (result == SQLITE_OK) {
        index->references++;
        file->has_wal_index = true;
    } else if (index->references == 0) {
        free_index(file, false);
    }
    return result;
}

int sqlite_wal_index_map(sqlite3_file *base, int region, int size, int extend,
                         void volatile **address) {
    SqliteFile *file = (SqliteFile *)base;
    *address = NULL;
    if (file->node == NULL) {
        return SQLITE_IOERR_SHMOPEN;
    }
    int joined = file->has_wal_index ? SQLITE_OK : join(file);
    if (joined != SQLITE_OK) {
        return joined;
    }
    WalIndex *index = file->node->wal_index;
    if (region >= index->region_count) {
        /* The first is always there: without one SQLite waits for whoever makes it, and not as long as it was
         * told to wait for locks. */
        if (!extend && region > 0) {
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
static int release(SqliteFile *file, WalIndex *index, uint8_t mask) {
    for (int slot = 0; slot < SQLITE_SHM_NLOCK; slot++) {
        if ((file->wal_shared & mask & (1 << slot)) != 0) {
            index->shared[slot]--;
        }
    }
    uint8_t given = file->wal_exclusive & mask;
    index->exclusive &= (uint8_t)~given;
    index->changing &= (uint8_t)~given;
    file->wal_shared &= (uint8_t)~mask;
    file->wal_exclusive &= (uint8_t)~mask;
    WalUse use = index->changing != 0 ? WAL_CHANGED : is_unused(index) ? WAL_UNUSED : WAL_READ;
    return sqlite_wal_share_give(file, &index->share, use);
}

/* Makes SQLite make the index anew before it is used next. */
static void invalidate(WalIndex *index) {
    if (index->region_count > 0) {
        memset(index->regions[0], 0, WAL_HEADER_SIZE);
    }
}

/* Those of the locks of `mask` under which a connection that takes them alone changes the log or the
 * database. One that has no lock of a reader takes that of the writer to make the index, and with it that of
 * the checkpointer: both change memory only. */
static uint8_t changing(const SqliteFile *file, uint8_t mask) {
    bool reads = file->wal_shared >> FIRST_READER != 0;
    bool makes_index = (file->wal_exclusive & WRITER) != 0 && !reads;
    return (uint8_t)(((reads ? WRITER : 0) | (makes_index ? 0 : CHECKPOINTER)) & mask);
}

int sqlite_wal_index_lock(sqlite3_file *base, int offset, int count, int flags) {
    SqliteFile *file = (SqliteFile *)base;
    if (!file->has_wal_index) {
        return SQLITE_IOERR_SHMLOCK;
    }
    WalIndex *index = file->node->wal_index;
    uint8_t mask = (uint8_t)(((1u << count) - 1) << offset);
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        return release(file, index, mask);
    }
    bool is_shared = (flags & SQLITE_SHM_SHARED) != 0;
    if ((index->exclusive & ~file->wal_exclusive & mask) != 0) {
        return SQLITE_BUSY;
    }
    for (int slot = 0; slot < SQLITE_SHM_NLOCK && !is_shared; slot++) {
        int own = (file->wal_shared >> slot) & 1;
        if ((mask & (1 << slot)) != 0 && index->shared[slot] > own) {
            return SQLITE_BUSY;
        }
    }
    uint8_t changes = is_shared ? 0 : changing(file, mask);
    bool is_other = false;
    WalUse use = changes != 0 ? WAL_CHANGED : WAL_READ;
    int result = sqlite_wal_share_take(file, &index->share, use, &is_other);
    if (is_other) {
        /* A reader looks at the header again when it has its lock. */
        sqlite_logs_renew(file->path);
    }
    if (is_other || (result == SQLITE_BUSY && is_unused(index))) {
        /* Whoever has the log changes it. SQLite tries again when it meets a locked reader's place, many
         * times, but says that a database is locked when it cannot make the index. */
        invalidate(index);
    }
    if (result != SQLITE_OK) {
        /* It may have the lock, and have failed afterwards. */
        (void)release(file, index, 0);
        return result;
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
        index->changing |= changes;
        file->wal_exclusive |= mask;
    }
    return SQLITE_OK;
}

void sqlite_wal_index_barrier(sqlite3_file *base) {
    (void)base;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

int sqlite_wal_index_unmap(sqlite3_file *base, int is_deleted) {
    SqliteFile *file = (SqliteFile *)base;
    if (!file->has_wal_index) {
        return SQLITE_OK;
    }
    WalIndex *index = file->node->wal_index;
    int result = release(file, index, UINT8_MAX);
    file->has_wal_index = false;
    if (--index->references == 0) {
        free_index(file, is_deleted != 0);
    }
    return result;
}

void sqlite_wal_index_forget(SqliteNode *node) {
    if (node->wal_index != NULL && node->wal_index->share.descriptor >= 0) {
        close(node->wal_index->share.descriptor);
        node->wal_index->share.descriptor = -1;
    }
}
