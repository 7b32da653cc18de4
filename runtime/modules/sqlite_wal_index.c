/* The index of a write-ahead log, which SQLite keeps in memory that all its users share. Here it is in
 * the heap: the users are connections of one program. It is made again from the log when it is gone. */
#include "sqlite_system.h"

#include <string.h>

/* The index of one database. */
struct WalIndex {
    /* How many connections use it. It is freed with the last. */
    int references;
    /* How many connections have each lock with others, and which are held by one alone. */
    int shared[SQLITE_SHM_NLOCK];
    uint8_t exclusive;
    /* Regions of one size, made when they are asked for. */
    int region_count;
    void **regions;
};

/* Notes that a connection uses the index, which it makes when it is the first. */
static int join(SqliteFile *file) {
    SqliteNode *node = file->node;
    if (node->wal_index == NULL) {
        WalIndex *made = sqlite3_malloc(sizeof *made);
        if (made == NULL) {
            return SQLITE_NOMEM;
        }
        *made = (WalIndex){0};
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
        release(file, index, mask);
        return SQLITE_OK;
    }
    if ((index->exclusive & ~file->wal_exclusive & mask) != 0) {
        return SQLITE_BUSY;
    }
    bool is_shared = (flags & SQLITE_SHM_SHARED) != 0;
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
