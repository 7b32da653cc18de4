/* How much file systems hold. */
#include "files.h"
#include "interface.h"

#include <errno.h>
#include <sys/statvfs.h>

/* option<amount> */
typedef struct Space {
    uint8_t known;
    uint64_t total_bytes;
    uint64_t free_bytes;
    uint64_t available_bytes;
    uint64_t total_files;
    uint64_t free_files;
    uint8_t read_only;
} Space;

IMPORT_FILES_SPACE_OF_DEVICE
extern void host_space_of_device(uint32_t device, Space *space);

enum {
    /* The unit in which space is counted, and the longest name, in bytes. */
    BLOCK = 4096,
    MAX_NAME = 255,
};

static int space_of(const struct stat *status, struct statvfs *found) {
    Space space;
    host_space_of_device((uint32_t)status->st_dev, &space);
    if (!space.known) {
        return fail(ENOSYS);
    }
    *found = (struct statvfs){
        .f_bsize = BLOCK,
        .f_frsize = BLOCK,
        .f_blocks = space.total_bytes / BLOCK,
        .f_bfree = space.free_bytes / BLOCK,
        .f_bavail = space.available_bytes / BLOCK,
        .f_files = space.total_files,
        .f_ffree = space.free_files,
        .f_favail = space.free_files,
        .f_fsid = (unsigned long)status->st_dev,
        .f_flag = space.read_only ? ST_RDONLY : 0,
        .f_namemax = MAX_NAME,
    };
    return 0;
}

OVERRIDE int eryx_statvfs(const char *restrict path, struct statvfs *restrict found) {
    struct stat status;
    return stat(path, &status) != 0 ? -1 : space_of(&status, found);
}

OVERRIDE int eryx_fstatvfs(int descriptor, struct statvfs *found) {
    struct stat status;
    return fstat(descriptor, &status) != 0 ? -1 : space_of(&status, found);
}
