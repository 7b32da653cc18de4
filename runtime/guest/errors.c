/* Error codes of `wasi:filesystem` as numbers of POSIX. */
#include "wasi_files.h"

#include <errno.h>

/* In the order of the enumeration `error-code`. */
static const uint16_t numbers[] = {
    EACCES,  EAGAIN,    EALREADY, EBADF,  EBUSY,    EDEADLK, EDQUOT,    EEXIST,
    EFBIG,   EILSEQ,    EINPROGRESS, EINTR, EINVAL, EIO,     EISDIR,    ELOOP,
    EMLINK,  EMSGSIZE,  ENAMETOOLONG, ENODEV, ENOENT, ENOLCK, ENOMEM,   ENOSPC,
    ENOTDIR, ENOTEMPTY, ENOTRECOVERABLE, ENOTSUP, ENOTTY, ENXIO, EOVERFLOW, EPERM,
    EPIPE,   EROFS,     ESPIPE,   ETXTBSY, EXDEV,
};

int fail(int number) {
    *__errno_location() = number;
    return -1;
}

int fail_with(uint8_t code) {
    return fail(code < sizeof numbers / sizeof *numbers ? numbers[code] : EIO);
}
