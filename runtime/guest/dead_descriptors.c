/* The descriptors of a bake. A snapshot holds their numbers, in files, sockets and listings, but not what they
 * stood for. In a run they are open to nobody, and no new descriptor gets their numbers. */
#include "files.h"

#include <errno.h>

static int dead(void) {
    return fail(EBADF);
}

static void dead_free(void *data) {
    (void)data;
}

static int dead_stream(void *data, void *stream) {
    (void)data, (void)stream;
    return dead();
}

static int dead_blocking(void *data, bool blocking) {
    (void)data, (void)blocking;
    return dead();
}

static int dead_status(void *data, struct stat *status) {
    (void)data, (void)status;
    return dead();
}

static int dead_file(void *data, Handle *file) {
    (void)data, (void)file;
    return dead();
}

static int64_t dead_seek(void *data, int64_t offset, int whence) {
    (void)data, (void)offset, (void)whence;
    return dead();
}

static int dead_flags(void *data) {
    (void)data;
    return dead();
}

static int dead_set_flags(void *data, int flags) {
    (void)data, (void)flags;
    return dead();
}

/* `isatty` gives 0 when it fails. */
static int dead_terminal(void *data) {
    (void)data;
    dead();
    return 0;
}

static int dead_accept(void *data, struct sockaddr *address, socklen_t *length, int flags) {
    (void)data, (void)address, (void)length, (void)flags;
    return dead();
}

static int dead_address(void *data, const struct sockaddr *address, socklen_t length) {
    (void)data, (void)address, (void)length;
    return dead();
}

static int dead_name(void *data, struct sockaddr *address, socklen_t *length) {
    (void)data, (void)address, (void)length;
    return dead();
}

static ssize_t dead_receive(void *data, void *buffer, size_t length, int flags,
                            struct sockaddr *address, socklen_t *address_length) {
    (void)data, (void)buffer, (void)length, (void)flags, (void)address, (void)address_length;
    return dead();
}

static ssize_t dead_send(void *data, const void *buffer, size_t length, int flags,
                         const struct sockaddr *address, socklen_t address_length) {
    (void)data, (void)buffer, (void)length, (void)flags, (void)address, (void)address_length;
    return dead();
}

static int dead_option(void *data, int level, int name, void *value, socklen_t *length) {
    (void)data, (void)level, (void)name, (void)value, (void)length;
    return dead();
}

static int dead_set_option(void *data, int level, int name, const void *value, socklen_t length) {
    (void)data, (void)level, (void)name, (void)value, (void)length;
    return dead();
}

static int dead_poll(void *data, void *state, short events) {
    (void)data, (void)state, (void)events;
    return dead();
}

static const Operations operations = {
    .free = dead_free,
    .get_read_stream = dead_stream,
    .get_write_stream = dead_stream,
    .set_blocking = dead_blocking,
    .fstat = dead_status,
    .get_file = dead_file,
    .seek = dead_seek,
    .fcntl_getfl = dead_flags,
    .fcntl_setfl = dead_set_flags,
    .isatty = dead_terminal,
    .accept4 = dead_accept,
    .bind = dead_address,
    .connect = dead_address,
    .getsockname = dead_name,
    .getpeername = dead_name,
    .listen = dead_set_flags,
    .recvfrom = dead_receive,
    .sendto = dead_send,
    .shutdown = dead_set_flags,
    .getsockopt = dead_option,
    .setsockopt = dead_set_option,
    .poll_register = dead_poll,
};

bool is_dead(const Entry *entry) {
    return entry->operations == &operations;
}

/* Which numbers were open at the end of the bake. */
static bool was_open[MAX_DESCRIPTORS];
static int highest = -1;

/* The standard streams, which every run has. */
enum { FIRST_OWN = 3 };

void descriptors_note(void) {
    int root = root_descriptor();
    for (int number = FIRST_OWN; number < MAX_DESCRIPTORS; number++) {
        was_open[number] = number != root && table_get(number) != NULL;
        if (was_open[number]) {
            highest = number;
        }
    }
}

void descriptors_bury(void) {
    root_forget();
    for (int number = FIRST_OWN; number <= highest; number++) {
        if (was_open[number]) {
            table_place(number, (Entry){NULL, &operations});
        }
    }
}
