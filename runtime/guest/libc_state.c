/* The state of libc: what must not survive from the bake into a run.
 *
 * A snapshot keeps the memory of the guest but none of the handles that the host gave it. libc holds
 * such handles in its descriptor table, its list of preopened folders and its standard streams; left
 * alone, the first use of one traps. */
#include "guest.h"
#include "files.h"

#include <unistd.h>

/* Of wasi-libc. They have no public header, and own what they touch. */
void __wasilibc_reset_preopens(void);
void __wasilibc_deinitialize_environ(void);
void __wasilibc_initialize_environ(void);
extern char **__wasilibc_environ;
int32_t __wasi_sockets_utils__borrow_network(void);

/* What libc's one handle of the network changed in its memory. */
static Change network[MAX_CHANGES];
static size_t network_count;

static void borrow_network(void) {
    __wasi_sockets_utils__borrow_network();
}

void libc_state_learn(void) {
    table_learn();
    network_count = memory_diff(borrow_network, &__wasilibc_environ, network, MAX_CHANGES);
}

void libc_state_leave(void) {
    /* libc has no function that forgets the handle, and whatever asked for a host's name at bake time
     * has made it keep one. */
    for (size_t index = 0; index < network_count; index++) {
        *network[index].byte = network[index].before;
    }
    descriptors_note();
    __wasilibc_reset_preopens();
    table_clear();
    /* Looking one up opens the standard streams, once. To open them by hand would open them twice. */
    table_get(STDIN_FILENO);
    descriptors_bury();
    __wasilibc_deinitialize_environ();
}

void libc_state_enter(const char *working_folder) {
    __wasilibc_initialize_environ();
    modes_enter();
    eryx_chdir(working_folder);
}
