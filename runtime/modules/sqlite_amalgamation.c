/* SQLite itself, compiled with the options of a sandbox and under the names that the base's calls are
 * turned to. */
#include "sqlite_options.h"

#include <sqlite3.h>

#include "sqlite_exports.h"

/* The amalgamation has it where it repeats its header, which is not read twice. */
const char sqlite3_version[] = SQLITE_VERSION;

#include <sqlite3.c>
