/* How SQLite is compiled: what Python on Linux has, as Debian builds it.
 *
 * Left out is what no function of Python's `sqlite3` reaches (sessions, hooks before an update,
 * notice of an unlock), loading of extensions, as there is nothing to load, and limits of UPDATE and
 * DELETE, which need another parser than the one that the amalgamation has. */
#ifndef ERYX_SQLITE_OPTIONS_H
#define ERYX_SQLITE_OPTIONS_H

/* The system is the guest's own: sqlite_vfs.c. Without threads, mutexes of SQLite do nothing, and a
 * connection may be used by every thread that there is: `sqlite3.threadsafety` is 3, as on Linux. */
#define SQLITE_OS_OTHER 1
#define SQLITE_THREADSAFE 1
#define SQLITE_MAX_WORKER_THREADS 0
#define SQLITE_MAX_MMAP_SIZE 0
#define SQLITE_OMIT_LOAD_EXTENSION 1

#define SQLITE_ENABLE_COLUMN_METADATA 1
#define SQLITE_ENABLE_DBSTAT_VTAB 1
#define SQLITE_ENABLE_FTS3 1
#define SQLITE_ENABLE_FTS3_PARENTHESIS 1
#define SQLITE_ENABLE_FTS3_TOKENIZER 1
#define SQLITE_ENABLE_FTS4 1
#define SQLITE_ENABLE_FTS5 1
#define SQLITE_ENABLE_MATH_FUNCTIONS 1
#define SQLITE_ENABLE_PERCENTILE 1
#define SQLITE_ENABLE_RTREE 1
#define SQLITE_ENABLE_STMTVTAB 1
#define SQLITE_LIKE_DOESNT_MATCH_BLOBS 1
#define SQLITE_MAX_SCHEMA_RETRY 25
#define SQLITE_MAX_VARIABLE_NUMBER 250000
#define SQLITE_SECURE_DELETE 1
#define SQLITE_SOUNDEX 1
#define SQLITE_USE_URI 1

/* What libc has. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#define HAVE_GMTIME_R 1
#define HAVE_ISNAN 1
#define HAVE_LOCALTIME_R 1
#define HAVE_MALLOC_USABLE_SIZE 0
#define HAVE_STRCHRNUL 1

#endif
