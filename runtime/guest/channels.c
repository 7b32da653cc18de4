/* Pipes and pairs of sockets between two places of this one process.
 *
 * There is nobody else who could write or read meanwhile. So what waits for an end of this very process would wait
 * for ever: it fails with EDEADLK, and a write takes all, as much as there is memory for. */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    /* What an end that does not wait takes, and what it takes as a whole or not at all: Linux's, in bytes. */
    CAPACITY = 64 << 10,
    WHOLE = 4096,
    /* `MSG_PEEK` as Python was compiled with, which is not that of this compiler's headers. */
    PEEK = 0x0002,
    FORMAT_PIPE = 0x1000,
    FORMAT_SOCKET = 0xc000,
};

/* Bytes on their way. */
typedef struct Channel {
    uint8_t *data;
    size_t start;
    size_t length;
    size_t size;
    int readers;
    int writers;
} Channel;

/* One end of one or two channels. */
typedef struct End {
    Channel *in;
    Channel *out;
    int flags;
    bool is_socket;
} End;

static void channel_close(Channel *channel) {
    if (channel->readers == 0 && channel->writers == 0) {
        free(channel->data);
        free(channel);
    }
}

static void close_reading(End *end) {
    if (end->in != NULL) {
        end->in->readers--;
        channel_close(end->in);
        end->in = NULL;
    }
}

static void close_writing(End *end) {
    if (end->out != NULL) {
        end->out->writers--;
        channel_close(end->out);
        end->out = NULL;
    }
}

static void end_free(void *data) {
    close_reading(data);
    close_writing(data);
    free(data);
}

static ssize_t end_read(void *data, void *buffer, size_t length, int flags,
                        struct sockaddr *address, socklen_t *address_length) {
    (void)address;
    End *end = data;
    if (address_length != NULL) {
        *address_length = 0;
    }
    Channel *channel = end->in;
    if (channel == NULL) {
        return end->is_socket ? 0 : fail(EBADF);
    }
    if (length == 0 || (channel->length == 0 && channel->writers == 0)) {
        return 0;
    }
    if (channel->length == 0) {
        return fail((end->flags & O_NONBLOCK) != 0 ? EAGAIN : EDEADLK);
    }
    size_t count = length < channel->length ? length : channel->length;
    memcpy(buffer, &channel->data[channel->start], count);
    if ((flags & PEEK) == 0) {
        channel->start += count;
        channel->length -= count;
        if (channel->length == 0) {
            channel->start = 0;
        }
    }
    return (ssize_t)count;
}

/* Makes room for `more` bytes behind those that are there. */
static bool reserve(Channel *channel, size_t more) {
    if (channel->start + channel->length + more <= channel->size) {
        return true;
    }
    if (channel->start > 0) {
        memmove(channel->data, &channel->data[channel->start], channel->length);
        channel->start = 0;
    }
    size_t wanted = 0;
    if (__builtin_add_overflow(channel->length, more, &wanted)) {
        return false;
    }
    if (wanted <= channel->size) {
        return true;
    }
    size_t size = wanted < CAPACITY ? CAPACITY : wanted + wanted / 2;
    uint8_t *data = realloc(channel->data, size > wanted ? size : wanted);
    if (data == NULL) {
        return false;
    }
    channel->data = data;
    channel->size = size > wanted ? size : wanted;
    return true;
}

static ssize_t end_write(void *data, const void *buffer, size_t length, int flags,
                         const struct sockaddr *address, socklen_t address_length) {
    (void)flags, (void)address, (void)address_length;
    End *end = data;
    Channel *channel = end->out;
    if (channel == NULL) {
        return fail(end->is_socket ? EPIPE : EBADF);
    }
    if (channel->readers == 0) {
        return fail(EPIPE);
    }
    if ((end->flags & O_NONBLOCK) != 0) {
        size_t room = channel->length < CAPACITY ? CAPACITY - channel->length : 0;
        if (length > 0 && (room == 0 || (room < length && length <= WHOLE))) {
            return fail(EAGAIN);
        }
        length = length < room ? length : room;
    }
    if (!reserve(channel, length)) {
        return fail(ENOMEM);
    }
    if (length > 0) {
        memcpy(&channel->data[channel->start + channel->length], buffer, length);
        channel->length += length;
    }
    return (ssize_t)length;
}

static int end_status(void *data, struct stat *status) {
    End *end = data;
    *status = (struct stat){
        .st_mode = end->is_socket ? FORMAT_SOCKET | 0777 : FORMAT_PIPE | 0600,
        .st_nlink = 1,
        .st_ino = (ino_t)(uintptr_t)(end->in != NULL ? end->in : end->out),
        .st_blksize = WHOLE,
    };
    return 0;
}

static int end_set_blocking(void *data, bool blocking) {
    End *end = data;
    end->flags = blocking ? end->flags & ~O_NONBLOCK : end->flags | O_NONBLOCK;
    return 0;
}

static int end_flags(void *data) {
    End *end = data;
    if (end->is_socket) {
        return end->flags | O_RDWR;
    }
    return end->flags | (end->in != NULL ? O_RDONLY : O_WRONLY);
}

static int end_set_flags(void *data, int flags) {
    ((End *)data)->flags = flags & O_NONBLOCK;
    return 0;
}

static int64_t end_seek(void *data, int64_t offset, int whence) {
    (void)data, (void)offset, (void)whence;
    return fail(ESPIPE);
}

static int end_poll(void *data, void *state, short events) {
    End *end = data;
    short ready = 0;
    if ((events & POLLRDNORM) != 0 && (end->in == NULL || end->in->length > 0)) {
        ready |= POLLRDNORM;
    }
    if (end->in != NULL && end->in->writers == 0) {
        ready |= POLLHUP | (events & POLLRDNORM);
    }
    if (end->out != NULL && end->out->readers == 0) {
        ready |= POLLERR | (events & POLLWRNORM);
    } else if ((events & POLLWRNORM) != 0 && end->out != NULL && end->out->length < CAPACITY) {
        ready |= POLLWRNORM;
    }
    __wasilibc_poll_ready(state, ready);
    return 0;
}

static int end_shutdown(void *data, int how) {
    if ((how & ~(SHUT_RD | SHUT_WR)) != 0 || how == 0) {
        return fail(EINVAL);
    }
    if ((how & SHUT_RD) != 0) {
        close_reading(data);
    }
    if ((how & SHUT_WR) != 0) {
        close_writing(data);
    }
    return 0;
}

/* Both ends are at this machine, and at no port. */
static int end_name(void *data, struct sockaddr *address, socklen_t *length) {
    (void)data;
    const struct sockaddr_in name = {
        .sin_family = AF_INET,
        .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
    };
    memcpy(address, &name, *length < sizeof name ? *length : sizeof name);
    *length = sizeof name;
    return 0;
}

static int end_option(void *data, int level, int name, void *value, socklen_t *length) {
    (void)data;
    if (level != SOL_SOCKET || *length < sizeof(int)) {
        return fail(ENOPROTOOPT);
    }
    int found = name == SO_TYPE ? SOCK_STREAM : 0;
    memcpy(value, &found, sizeof found);
    *length = sizeof found;
    return 0;
}

static int end_set_option(void *data, int level, int name, const void *value, socklen_t length) {
    (void)data, (void)level, (void)name, (void)value, (void)length;
    return 0;
}

static const Operations pipe_operations = {
    .free = end_free,
    .set_blocking = end_set_blocking,
    .fstat = end_status,
    .seek = end_seek,
    .fcntl_getfl = end_flags,
    .fcntl_setfl = end_set_flags,
    .recvfrom = end_read,
    .sendto = end_write,
    .poll_register = end_poll,
};

static const Operations socket_operations = {
    .free = end_free,
    .set_blocking = end_set_blocking,
    .fstat = end_status,
    .seek = end_seek,
    .fcntl_getfl = end_flags,
    .fcntl_setfl = end_set_flags,
    .getsockname = end_name,
    .getpeername = end_name,
    .recvfrom = end_read,
    .sendto = end_write,
    .shutdown = end_shutdown,
    .getsockopt = end_option,
    .setsockopt = end_set_option,
    .poll_register = end_poll,
};

/* A new end, which counts itself; NULL, with `errno` set, when memory is short. */
static End *new_end(Channel *in, Channel *out, bool is_socket) {
    End *end = malloc(sizeof *end);
    if (end == NULL) {
        fail(ENOMEM);
        return NULL;
    }
    *end = (End){in, out, 0, is_socket};
    if (in != NULL) {
        in->readers++;
    }
    if (out != NULL) {
        out->writers++;
    }
    return end;
}

/* Gives the two ends numbers; frees all of it when that fails. */
static int number_ends(End *first, End *second, const Operations *operations, int ends[2]) {
    if (first == NULL || second == NULL) {
        if (first != NULL) {
            end_free(first);
        }
        if (second != NULL) {
            end_free(second);
        }
        return fail(ENOMEM);
    }
    ends[0] = table_insert((Entry){first, operations}, 0);
    ends[1] = table_insert((Entry){second, operations}, 0);
    if (ends[0] >= 0 && ends[1] >= 0) {
        return 0;
    }
    for (int index = 0; index < 2; index++) {
        if (ends[index] >= 0) {
            table_remove(ends[index]);
        }
    }
    return fail(EMFILE);
}

int channel_pipe(int ends[2]) {
    Channel *channel = calloc(1, sizeof *channel);
    if (channel == NULL) {
        return fail(ENOMEM);
    }
    End *reading = new_end(channel, NULL, false);
    End *writing = reading == NULL ? NULL : new_end(NULL, channel, false);
    if (reading == NULL) {
        free(channel);
    }
    return number_ends(reading, writing, &pipe_operations, ends);
}

int channel_socket_pair(int ends[2]) {
    Channel *there = calloc(1, sizeof *there);
    Channel *back = calloc(1, sizeof *back);
    if (there == NULL || back == NULL) {
        free(there);
        free(back);
        return fail(ENOMEM);
    }
    End *first = new_end(back, there, true);
    End *second = first == NULL ? NULL : new_end(there, back, true);
    if (first == NULL) {
        free(there);
        free(back);
    }
    return number_ends(first, second, &socket_operations, ends);
}
