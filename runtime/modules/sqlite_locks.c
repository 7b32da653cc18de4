/* Locks of databases: the five levels of SQLite, between the connections of one program in memory, and
 * between programs by the bytes of the file that SQLite locks everywhere. */
#include "sqlite_system.h"

#include "../guest/files.h"

#include <errno.h>
#include <sys/stat.h>

/* What no file has for its device. */
static const dev_t DEVICE_OF_NO_FILE = (dev_t)-1;

/* The bytes that stand for the levels, in the order in which they lie behind the first gigabyte. A database
 * has no page there. */
enum { PENDING_BYTE = 0x40000000, RESERVED_BYTE, FIRST_SHARED_BYTE, SHARED_BYTES = 510 };

enum { ALL_BYTES = FIRST_SHARED_BYTE - PENDING_BYTE + SHARED_BYTES };

static SqliteNode *nodes;

SqliteNode *sqlite_node_open(int descriptor) {
    struct stat status = {0};
    if (fstat(descriptor, &status) != 0) {
        return NULL;
    }
    SqliteNode *node = nodes;
    while (node != NULL && (node->inode != status.st_ino || node->device != status.st_dev)) {
        node = node->next;
    }
    if (node == NULL) {
        node = sqlite3_malloc(sizeof *node);
        if (node == NULL) {
            return NULL;
        }
        *node = (SqliteNode){.next = nodes, .device = status.st_dev, .inode = status.st_ino};
        nodes = node;
    }
    node->references++;
    return node;
}

void sqlite_node_close(SqliteNode *node) {
    if (--node->references > 0) {
        return;
    }
    SqliteNode **place = &nodes;
    while (*place != node) {
        place = &(*place)->next;
    }
    *place = node->next;
    sqlite3_free(node);
}

void sqlite_node_forget(SqliteNode *node) {
    node->device = DEVICE_OF_NO_FILE;
    sqlite_wal_index_forget(node);
}

int sqlite_lock_bytes(int descriptor, int change, uint64_t start, uint64_t length) {
    if (descriptor_lock(descriptor, (LockChange)change, start, length) == 0) {
        return SQLITE_OK;
    }
    return errno == EAGAIN ? SQLITE_BUSY : SQLITE_IOERR_LOCK;
}

/* Locks bytes of a database against other programs, unless its connection has asked for no locks. */
static int lock_bytes(SqliteFile *file, int change, uint64_t start, uint64_t length) {
    if (file->is_unlocked || file->descriptor < 0) {
        return SQLITE_OK;
    }
    int result = sqlite_lock_bytes(file->descriptor, change, start, length);
    if (result == SQLITE_IOERR_LOCK) {
        file->error = errno;
    }
    return result;
}

/* From no lock to SHARED. A program that waits to write holds the byte before, and lets no reader in. */
static int lock_shared(SqliteFile *file) {
    int result = lock_bytes(file, LOCK_SHARED, PENDING_BYTE, 1);
    if (result != SQLITE_OK) {
        return result;
    }
    result = lock_bytes(file, LOCK_SHARED, FIRST_SHARED_BYTE, SHARED_BYTES);
    int released = lock_bytes(file, LOCK_RELEASE, PENDING_BYTE, 1);
    return result != SQLITE_OK ? result : released;
}

int sqlite_lock(sqlite3_file *base, int level) {
    SqliteFile *file = (SqliteFile *)base;
    SqliteNode *node = file->node;
    if (node == NULL || file->level >= level) {
        return SQLITE_OK;
    }
    bool others_write = node->writer != NULL && node->writer != file;
    if (level == SQLITE_LOCK_SHARED) {
        /* A writer that waits for its turn lets no new reader in. */
        if (others_write && node->writer->level >= SQLITE_LOCK_PENDING) {
            return SQLITE_BUSY;
        }
        int result = lock_shared(file);
        if (result == SQLITE_OK) {
            node->readers++;
            file->level = SQLITE_LOCK_SHARED;
        }
        return result;
    }
    if (others_write) {
        return SQLITE_BUSY;
    }
    if (level == SQLITE_LOCK_RESERVED) {
        int result = lock_bytes(file, LOCK_EXCLUSIVE, RESERVED_BYTE, 1);
        if (result != SQLITE_OK) {
            return result;
        }
    } else if (file->level < SQLITE_LOCK_PENDING) {
        int result = lock_bytes(file, LOCK_EXCLUSIVE, PENDING_BYTE, 1);
        if (result != SQLITE_OK) {
            return result;
        }
        file->level = SQLITE_LOCK_PENDING;
    }
    node->writer = file;
    if (level == SQLITE_LOCK_EXCLUSIVE) {
        bool others_read = node->readers > 1;
        int result = others_read ? SQLITE_BUSY
                                 : lock_bytes(file, LOCK_EXCLUSIVE, FIRST_SHARED_BYTE, SHARED_BYTES);
        if (result != SQLITE_OK) {
            return result;
        }
    }
    file->level = level;
    return SQLITE_OK;
}

int sqlite_unlock(sqlite3_file *base, int level) {
    SqliteFile *file = (SqliteFile *)base;
    SqliteNode *node = file->node;
    if (node == NULL || file->level <= level) {
        return SQLITE_OK;
    }
    int result = SQLITE_OK;
    if (level == SQLITE_LOCK_NONE) {
        result = lock_bytes(file, LOCK_RELEASE, PENDING_BYTE, ALL_BYTES);
        node->readers--;
    } else {
        /* What was written alone is read with others, with no moment in between. */
        result = lock_bytes(file, LOCK_SHARED, FIRST_SHARED_BYTE, SHARED_BYTES);
        int released =
            lock_bytes(file, LOCK_RELEASE, PENDING_BYTE, FIRST_SHARED_BYTE - PENDING_BYTE);
        result = result != SQLITE_OK ? result : released;
    }
    if (node->writer == file) {
        node->writer = NULL;
    }
    file->level = level;
    return result == SQLITE_OK ? SQLITE_OK : SQLITE_IOERR_UNLOCK;
}

int sqlite_check_reserved_lock(sqlite3_file *base, int *is_reserved) {
    SqliteFile *file = (SqliteFile *)base;
    *is_reserved = file->node != NULL && file->node->writer != NULL;
    if (file->node == NULL || *is_reserved) {
        return SQLITE_OK;
    }
    int result = lock_bytes(file, LOCK_TRY_SHARED, RESERVED_BYTE, 1);
    *is_reserved = result == SQLITE_BUSY;
    return result == SQLITE_IOERR_LOCK ? SQLITE_IOERR_CHECKRESERVEDLOCK : SQLITE_OK;
}
