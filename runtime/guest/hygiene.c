/* Snapshot hygiene of libc: what must not survive from the bake into a run.
 *
 * A snapshot keeps the memory of the guest but none of the handles that the host gave it. libc holds
 * such handles in its descriptor table, its list of preopened folders and its standard streams; left
 * alone, the first use of one traps. */
#include "guest.h"

#include <unistd.h>

/* Of wasi-libc. They have no public header, and own what they touch. */
void __wasilibc_reset_preopens(void);
void descriptor_table_clear(void);
int __wasilibc_init_stdio(void);
void __wasilibc_deinitialize_environ(void);
void __wasilibc_initialize_environ(void);

void hygiene_before_snapshot(void) {
    __wasilibc_reset_preopens();
    descriptor_table_clear();
    __wasilibc_init_stdio();
    __wasilibc_deinitialize_environ();
}

void hygiene_after_snapshot(const char *working_folder) {
    __wasilibc_initialize_environ();
    chdir(working_folder);
}
