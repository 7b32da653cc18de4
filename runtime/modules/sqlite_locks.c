/* Locks of databases: the five levels of SQLite, between the connections of one program. */
#include "sqlite_system.h"

#include <sys/stat.h>

/* What no file has for its device. */
static const dev_t NO_DEVICE = (dev_t)-1;

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
    node->device = NO_DEVICE;
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
        node->readers++;
        file->level = SQLITE_LOCK_SHARED;
        return SQLITE_OK;
    }
    if (others_write) {
        return SQLITE_BUSY;
    }
    node->writer = file;
    bool others_read = node->readers > 1;
    if (level == SQLITE_LOCK_EXCLUSIVE && others_read) {
        file->level = SQLITE_LOCK_PENDING;
        return SQLITE_BUSY;
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
    if (node->writer == file) {
        node->writer = NULL;
    }
    if (level == SQLITE_LOCK_NONE) {
        node->readers--;
    }
    file->level = level;
    return SQLITE_OK;
}

int sqlite_check_reserved_lock(sqlite3_file *base, int *is_reserved) {
    const SqliteFile *file = (const SqliteFile *)base;
    *is_reserved = file->node != NULL && file->node->writer != NULL;
    return SQLITE_OK;
}
