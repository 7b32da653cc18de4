/* The functions of `wasi:filesystem` 0.2 that the guest calls by itself, lowered by hand, and libc's table of
 * descriptors. */
#ifndef ERYX_WASI_FILES_H
#define ERYX_WASI_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* Handles of the component model. */
typedef int32_t Handle;

#define FILES(name) __attribute__((import_module("wasi:filesystem/types@0.2.0"), import_name(name)))

/* An error code of WASI, in the byte at this place of a result that has failed. */
enum { FOLLOW_LINKS = 1 };

/* result<tuple<list<u8>, bool>, error-code> */
typedef struct ReadResult {
    uint8_t failed;
    union {
        uint8_t error;
        struct {
            uint8_t *data;
            size_t length;
            uint8_t at_end;
        };
    };
} ReadResult;

/* result<u64, error-code>, and result<_, error-code> as far as it goes */
typedef struct WriteResult {
    uint8_t failed;
    union {
        uint8_t error;
        uint64_t length;
    };
} WriteResult;

typedef struct UnitResult {
    uint8_t failed;
    uint8_t error;
} UnitResult;

/* option<datetime> */
typedef struct OptionalTime {
    uint8_t present;
    uint64_t seconds;
    uint32_t nanoseconds;
} OptionalTime;

/* result<descriptor-stat, error-code> */
typedef struct StatResult {
    uint8_t failed;
    union {
        uint8_t error;
        struct {
            uint8_t type;
            uint64_t links;
            uint64_t size;
            OptionalTime accessed;
            OptionalTime modified;
            OptionalTime changed;
        };
    };
} StatResult;

/* result<metadata-hash-value, error-code> */
typedef struct HashResult {
    uint8_t failed;
    union {
        uint8_t error;
        struct {
            uint64_t lower;
            uint64_t upper;
        };
    };
} HashResult;

FILES("[resource-drop]descriptor") extern void wasi_drop(Handle file);
FILES("[method]descriptor.read")
extern void wasi_read(Handle file, uint64_t length, uint64_t offset, ReadResult *result);
FILES("[method]descriptor.write")
extern void wasi_write(Handle file, const void *data, size_t length, uint64_t offset,
                       WriteResult *result);
FILES("[method]descriptor.stat") extern void wasi_stat(Handle file, StatResult *result);
FILES("[method]descriptor.stat-at")
extern void wasi_stat_at(Handle file, int32_t flags, const char *path, size_t length,
                         StatResult *result);
FILES("[method]descriptor.metadata-hash") extern void wasi_hash(Handle file, HashResult *result);
FILES("[method]descriptor.metadata-hash-at")
extern void wasi_hash_at(Handle file, int32_t flags, const char *path, size_t length,
                         HashResult *result);
FILES("[method]descriptor.set-times")
extern void wasi_set_times(Handle file, int32_t accessed_kind, uint64_t accessed_seconds,
                           uint32_t accessed_nanoseconds, int32_t modified_kind,
                           uint64_t modified_seconds, uint32_t modified_nanoseconds,
                           UnitResult *result);
FILES("[method]descriptor.set-times-at")
extern void wasi_set_times_at(Handle file, int32_t flags, const char *path, size_t length,
                              int32_t accessed_kind, uint64_t accessed_seconds,
                              uint32_t accessed_nanoseconds, int32_t modified_kind,
                              uint64_t modified_seconds, uint32_t modified_nanoseconds,
                              UnitResult *result);

/* What libc's table of descriptors keeps for each: what the functions are called with, and the functions. A
 * function that is missing is one that the kind of descriptor does not have. All give -1 with `errno` set when
 * they fail. The order is libc's. */
typedef struct Operations {
    void (*free)(void *data);
    int (*get_read_stream)(void *data, void *stream);
    int (*get_write_stream)(void *data, void *stream);
    int (*set_blocking)(void *data, bool blocking);
    int (*fstat)(void *data, struct stat *status);
    int (*get_file)(void *data, Handle *file);
    int64_t (*seek)(void *data, int64_t offset, int whence);
    void (*close_streams)(void *data);
    int (*fcntl_getfl)(void *data);
    int (*fcntl_setfl)(void *data, int flags);
    int (*isatty)(void *data);
    int (*accept4)(void *data, struct sockaddr *address, socklen_t *length, int flags);
    int (*bind)(void *data, const struct sockaddr *address, socklen_t length);
    int (*connect)(void *data, const struct sockaddr *address, socklen_t length);
    int (*getsockname)(void *data, struct sockaddr *address, socklen_t *length);
    int (*getpeername)(void *data, struct sockaddr *address, socklen_t *length);
    int (*listen)(void *data, int backlog);
    ssize_t (*recvfrom)(void *data, void *buffer, size_t length, int flags,
                        struct sockaddr *address, socklen_t *address_length);
    ssize_t (*sendto)(void *data, const void *buffer, size_t length, int flags,
                      const struct sockaddr *address, socklen_t address_length);
    int (*shutdown)(void *data, int how);
    int (*getsockopt)(void *data, int level, int name, void *value, socklen_t *length);
    int (*setsockopt)(void *data, int level, int name, const void *value, socklen_t length);
    int (*poll_register)(void *data, void *state, short events);
    int (*poll_finish)(void *data, void *state, short events);
} Operations;

typedef struct Entry {
    void *data;
    const Operations *operations;
} Entry;

/* Of wasi-libc. They have no public header. */
void __wasilibc_poll_ready(void *state, short events);
int *__errno_location(void);

/* errors.c: sets `errno` to what an error code of WASI means. Returns -1. */
int fail_with(uint8_t code);

/* errors.c: sets `errno`. Returns -1. */
int fail(int number);

#endif
