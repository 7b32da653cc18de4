/* Locks of open files, which other programs of the host meet: see `eryx:files` in `runtime/wit`. */
#include "files.h"

/* The case of `new-timestamp` that has a time, and the nanoseconds that make it a lock of bytes, and one of the
 * whole file. */
enum { TIME_GIVEN = 2 };
static const uint32_t LOCK_CHANGE = 0xffff0002, WHOLE_LOCK_CHANGE = 0xffff0003;

static int change_lock(int descriptor, uint32_t kind, LockChange change, uint64_t start,
                       uint64_t length) {
    Handle handle = 0;
    if (handle_of(descriptor, &handle) < 0) {
        return -1;
    }
    UnitResult result;
    wasi_set_times(handle, TIME_GIVEN, start, kind, TIME_GIVEN, length, (uint32_t)change, &result);
    return result.failed ? fail_with(result.error) : 0;
}

int descriptor_lock(int descriptor, LockChange change, uint64_t start, uint64_t length) {
    return change_lock(descriptor, LOCK_CHANGE, change, start, length);
}

int descriptor_lock_whole(int descriptor, LockChange change) {
    return change_lock(descriptor, WHOLE_LOCK_CHANGE, change, 0, 0);
}
