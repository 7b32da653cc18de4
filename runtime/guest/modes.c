/* Permission bits: the mask of a process, the modes of what is made, and changing them. */
#include "files.h"
#include "interface.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

IMPORT_FILES_MODES_CREATE_WITH
extern void host_create_with(uint32_t files, uint32_t directories);

enum {
    USUAL_MASK = 022,
    USUAL_FILE = 0666,
    USUAL_DIRECTORY = 0777,
    ALL_BITS = 07777,
    /* The case of `new-timestamp` that has a time, and the nanoseconds that make it a mode. */
    TIME_GIVEN = 2,
};

static const uint32_t MODE_CHANGE = 0xffff0001;

static uint32_t mask = USUAL_MASK;

/* What the next call makes a file or directory with. */
static uint32_t file_mode = USUAL_FILE;
static uint32_t directory_mode = USUAL_DIRECTORY;

/* What the host was told last. It starts with what a new process has. */
static uint32_t told_files = USUAL_FILE & ~USUAL_MASK;
static uint32_t told_directories = USUAL_DIRECTORY & ~USUAL_MASK;

void modes_enter(void) {
    mask = USUAL_MASK;
    told_files = USUAL_FILE & ~USUAL_MASK;
    told_directories = USUAL_DIRECTORY & ~USUAL_MASK;
}

static void announce(uint32_t files, uint32_t directories) {
    if (files != told_files || directories != told_directories) {
        host_create_with(files, directories);
        told_files = files;
        told_directories = directories;
    }
}

void modes_announce_file(void) {
    announce(file_mode & ~mask & ALL_BITS, told_directories);
}

void modes_announce_directory(void) {
    announce(told_files, directory_mode & ~mask & ALL_BITS);
}

uint32_t modes_mask(uint32_t new_mask) {
    uint32_t before = mask;
    mask = new_mask & 0777;
    return before;
}

/* libc forgets the mode before it comes to what the guest replaces. */
OVERRIDE int eryx_open(const char *path, int flags, ...) {
    if ((flags & O_CREAT) != 0) {
        va_list rest;
        va_start(rest, flags);
        file_mode = va_arg(rest, mode_t);
        va_end(rest);
    }
    int opened = open(path, flags);
    file_mode = USUAL_FILE;
    return opened;
}

OVERRIDE int eryx_openat(int directory, const char *path, int flags, ...) {
    if ((flags & O_CREAT) != 0) {
        va_list rest;
        va_start(rest, flags);
        file_mode = va_arg(rest, mode_t);
        va_end(rest);
    }
    int opened = openat(directory, path, flags);
    file_mode = USUAL_FILE;
    return opened;
}

OVERRIDE int eryx_mkdir(const char *path, mode_t mode) {
    directory_mode = mode;
    int result = mkdir(path, mode);
    directory_mode = USUAL_DIRECTORY;
    return result;
}

OVERRIDE int eryx_mkdirat(int directory, const char *path, mode_t mode) {
    directory_mode = mode;
    int result = mkdirat(directory, path, mode);
    directory_mode = USUAL_DIRECTORY;
    return result;
}

OVERRIDE mode_t eryx_umask(mode_t new_mask) {
    return modes_mask(new_mask);
}

OVERRIDE int eryx_fchmod(int descriptor, mode_t mode) {
    Entry *entry = table_get(descriptor);
    Handle handle = 0;
    if (entry == NULL) {
        return -1;
    }
    if (!is_file(entry)) {
        /* The mode of a pipe or socket matters to nobody. */
        return is_dead(entry) ? fail(EBADF) : 0;
    }
    if (handle_of(descriptor, &handle) < 0) {
        return -1;
    }
    UnitResult result;
    wasi_set_times(handle, TIME_GIVEN, mode & ALL_BITS, MODE_CHANGE, 0, 0, 0, &result);
    return result.failed ? fail_with(result.error) : 0;
}

/* The mode of a path on an open directory. */
static int set_mode(int directory, const char *path, mode_t mode, bool follow) {
    int device = device_descriptor(directory, path);
    if (device != NO_DEVICE) {
        return eryx_fchmod(device, mode);
    }
    Handle handle = 0;
    Name name;
    if (handle_of(directory, &handle) < 0 || !name_encode(path, &name)) {
        return -1;
    }
    UnitResult result;
    wasi_set_times_at(handle, follow ? FOLLOW_LINKS : 0, name.text, strlen(name.text), TIME_GIVEN,
                      mode & ALL_BITS, MODE_CHANGE, 0, 0, 0, &result);
    name_free(&name);
    return result.failed ? fail_with(result.error) : 0;
}

OVERRIDE int eryx_fchmodat(int directory, const char *path, mode_t mode, int flags) {
    static char *relative;
    static size_t size;
    bool follow = (flags & AT_SYMLINK_NOFOLLOW) == 0;
    if (directory != AT_FDCWD && path[0] != '/') {
        return set_mode(directory, path, mode, follow);
    }
    if (path[0] == '\0') {
        return fail(ENOENT);
    }
    int start = find_relative(path, &relative, &size);
    return start < 0 ? -1 : set_mode(start, relative, mode, follow);
}

OVERRIDE int eryx_chmod(const char *path, mode_t mode) {
    return eryx_fchmodat(AT_FDCWD, path, mode, 0);
}
