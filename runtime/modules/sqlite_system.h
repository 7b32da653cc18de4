/* What the files of SQLite's system share: its VFS, its files, and their locks.
 *
 * Locks are kept in memory between the connections of one program. Those of the host keep other programs
 * away, in the bytes that SQLite locks everywhere: see `sqlite_locks.c`. */
#ifndef ERYX_SQLITE_SYSTEM_H
#define ERYX_SQLITE_SYSTEM_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "sqlite_exports.h"

/* What the path of a log has behind that of its database. */
#define SQLITE_LOG_ENDING "-wal"

/* The same for the index of a log. */
#define SQLITE_INDEX_ENDING "-shm"

/* The most bytes of a path with its end, as PATH_MAX of Linux. */
enum { SQLITE_PATH_SIZE = 4096 };

/* sqlite_wal_share.c: what programs share of a log. */

/* The header of an index, two copies of it: SQLite makes an index anew whose header is all zeros. */
enum { WAL_HEADER_SIZE = 2 * 48 };

/* The pieces that an index is made in. */
enum { WAL_REGION_SIZE = 32768 };

/* What a program does with a log. */
typedef enum WalUse { WAL_UNUSED, WAL_READ, WAL_CHANGED } WalUse;

/* What a log was like. */
typedef struct LogState {
    ino_t inode;
    off_t size;
    struct timespec changed;
} LogState;

/* What one program has of what is shared. */
typedef struct WalShare {
    /* The file of the shared index; -1 where none can be made. */
    int descriptor;
    bool is_writable;
    WalUse use;
    /* The header and the stamp in it when this program looked last, or wrote. */
    uint8_t header_seen[WAL_HEADER_SIZE];
    uint64_t stamp_seen;
    /* Without that file: the log when this program looked last, or left it. */
    LogState log;
} WalShare;

/* sqlite_locks.c, sqlite_wal_index.c: what the connections to one database share. */

typedef struct SqliteFile SqliteFile;
typedef struct WalIndex WalIndex;

/* A database file that is open, found by device and inode. */
typedef struct SqliteNode {
    struct SqliteNode *next;
    dev_t device;
    ino_t inode;
    /* How many open files there are of it. It is freed with the last. */
    int references;
    /* How many of them have a lock of any level. */
    int readers;
    /* The one that has a lock above SHARED. */
    const SqliteFile *writer;
    /* NULL unless the database is in WAL mode. */
    WalIndex *wal_index;
} SqliteNode;

/* A file as SQLite sees it: this begins with its own `sqlite3_file`. */
struct SqliteFile {
    sqlite3_file base;
    SqliteFile *previous, *next;
    /* -1: a file that cannot be made and counts as empty, or one of the bake. */
    int descriptor;
    bool is_empty;
    /* Whether this is a write-ahead log, and whether it may be written to and made. */
    bool is_log, is_writable, is_made;
    /* The directory is synchronised with the file, once: SQLite made it. */
    bool directory_unsynchronised;
    bool keeps_wal;
    /* Whether it was opened with the system `unix-none`, which has no locks between programs. */
    bool is_unlocked;
    bool powersafe;
    /* Of the last operation that failed. */
    int error;
    /* SQLITE_LOCK_NONE to SQLITE_LOCK_EXCLUSIVE. */
    int level;
    /* NULL for everything but main databases. */
    SqliteNode *node;
    /* Locks of the WAL index, a bit each. */
    bool has_wal_index;
    uint8_t wal_shared, wal_exclusive;
    /* Owned by SQLite, and alive as long as the file; NULL for a nameless temporary one. */
    const char *path;
};

/* Finds or makes the node of an open file. NULL when memory is short. */
SqliteNode *sqlite_node_open(int descriptor);

/* Gives a node back. */
void sqlite_node_close(SqliteNode *node);

/* Lets no file be taken for this one any more: one of a run may have the numbers of one of the bake. */
void sqlite_node_forget(SqliteNode *node);

/* Changes a lock of the host, a `LockChange` of the guest's files. SQLITE_BUSY when another open file has one
 * in the way, and SQLITE_IOERR_LOCK, with `errno` set, when that fails. */
int sqlite_lock_bytes(int descriptor, int change, uint64_t start, uint64_t length);

/* xLock, xUnlock and xCheckReservedLock. */
int sqlite_lock(sqlite3_file *base, int level);
int sqlite_unlock(sqlite3_file *base, int level);
int sqlite_check_reserved_lock(sqlite3_file *base, int *is_reserved);

/* xShmMap, xShmLock, xShmBarrier and xShmUnmap. */
int sqlite_wal_index_map(sqlite3_file *base, int region, int size, int extend,
                         void volatile **address);
int sqlite_wal_index_lock(sqlite3_file *base, int offset, int count, int flags);
void sqlite_wal_index_barrier(sqlite3_file *base);
int sqlite_wal_index_unmap(sqlite3_file *base, int is_deleted);

/* Takes the descriptor away from the index of a log: it belongs to the bake. */
void sqlite_wal_index_forget(SqliteNode *node);

/* Opens what is shared of the log of a database, or makes it. SQLITE_CANTOPEN for a database that can be
 * written to when that is not possible. */
int sqlite_wal_share_open(const SqliteFile *file, WalShare *share);

/* Closes it, and removes it with `is_deleted`. */
void sqlite_wal_share_close(const SqliteFile *file, WalShare *share, bool is_deleted);

/* Has this program use the log as it does, or more, and tells whether another one has changed it since it
 * was used last. SQLITE_BUSY when a use by others is in the way. */
int sqlite_wal_share_take(const SqliteFile *file, WalShare *share, WalUse use, bool *is_other);

/* Has this program use the log as it does, or less. */
int sqlite_wal_share_give(const SqliteFile *file, WalShare *share, WalUse use);

/* sqlite_file.c */

/* Makes a file of an open descriptor, or of -1 for one that is empty, and notes it as open. */
int sqlite_file_open(SqliteFile *file, const char *path, int descriptor, int flags);

/* Opens the logs of a database again that are other files by now: another program has ended one. */
void sqlite_logs_renew(const char *database);

/* Takes the descriptors away from all open files: they belong to the bake. */
void sqlite_files_forget(void);

/* Synchronises the directory that a path lies in with the disk, as well as it can be done. */
void sqlite_synchronise_directory(const char *path);

/* sqlite_paths.c */

/* xFullPathname. */
int sqlite_full_path(sqlite3_vfs *vfs, const char *path, int size, char *full);

/* Writes a new name of a temporary file into `path`, of SQLITE_PATH_SIZE bytes. */
int sqlite_temporary_path(char *path);

/* The permissions that a journal or WAL takes from its database; 0644 of others. */
mode_t sqlite_mode_of(const char *path, int flags);

#endif
