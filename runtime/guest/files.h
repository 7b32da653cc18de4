/* What the files of the guest share that make libc's files those of POSIX. */
#ifndef ERYX_FILES_H
#define ERYX_FILES_H

#include "wasi_files.h"

#include <dirent.h>

/* A function that takes the place of one of libc's: see `runtime/overrides.toml`. */
#define OVERRIDE __attribute__((visibility("default")))

/* path_names.c */

/* A path as the host takes it. */
typedef struct Name {
    const char *text;
    char *allocated;
} Name;

/* Makes the text for the host of a path. False, with `errno` set, when memory is short. */
bool name_encode(const char *path, Name *name);

/* Frees what `name_encode` allocated, and leaves `errno` alone. */
void name_free(Name *name);

/* Turns text of the host into the name that it means, in place. Returns its length, which is no larger. */
size_t name_decode(char *text, size_t length);

/* paths.c */

/* The open directory that a path starts from, and the path from there, in memory that grows. -1, with `errno` set,
 * when there is none. */
int find_relative(const char *path, char **relative, size_t *size);

/* directories.c */

/* POSIX's `chdir` and `readdir`. */
int eryx_chdir(const char *path);
struct dirent *eryx_readdir(DIR *listing);

/* file.c */

/* POSIX's `pread`. */
ssize_t descriptor_pread(int descriptor, void *buffer, size_t length, off_t offset);

/* Whether the descriptor is an open file or directory. */
bool is_file(const Entry *entry);

/* status.c */

/* The handle of an open file or directory. -1, with `errno` set, when the descriptor is none. */
int handle_of(int descriptor, Handle *file);

/* What an open file is. -1, with `errno` set, when that fails. */
int status_of(Handle file, struct stat *status, bool *read_only);

/* POSIX's `fstat`. */
int eryx_fstat(int descriptor, struct stat *status);

/* What a path on an open directory names. -1, with `errno` set, when that fails. */
int status_at(int directory, const char *path, bool follow, struct stat *status, bool *read_only);

/* modes.c */

/* At run time, first: the mask and the modes are those of a new process. */
void modes_enter(void);

/* Has the host give the file, or the directory, that is made next the mode that was asked for. */
void modes_announce_file(void);
void modes_announce_directory(void);

/* Sets the mask of new files' modes and returns the one before. */
uint32_t modes_mask(uint32_t mask);

/* POSIX's `fchmodat` and `fchmod`. */
int eryx_fchmodat(int directory, const char *path, mode_t mode, int flags);
int eryx_fchmod(int descriptor, mode_t mode);

/* locks.c */

/* What happens to a lock, in the host's numbers: trying changes nothing, and fails as taking would. */
typedef enum LockChange {
    LOCK_RELEASE,
    LOCK_SHARED,
    LOCK_EXCLUSIVE,
    LOCK_TRY_SHARED,
    LOCK_TRY_EXCLUSIVE,
} LockChange;

/* Changes locks of an open file without waiting, as `F_OFD_SETLK` does: they belong to what was opened,
 * not to the process. A length of 0 means all from `start` on. -1, with `errno` set, when it fails: EAGAIN
 * when another has a lock in the way. */
int descriptor_lock(int descriptor, LockChange change, uint64_t start, uint64_t length);

/* The same for the lock that `flock` has, which meets no lock of bytes. */
int descriptor_lock_whole(int descriptor, LockChange change);

/* space.c */

/* POSIX's `statvfs` and `fstatvfs`. */
struct statvfs;
int eryx_statvfs(const char *restrict path, struct statvfs *restrict found);
int eryx_fstatvfs(int descriptor, struct statvfs *found);

/* descriptor_table.c */

/* The most descriptors that a process has. */
enum { MAX_DESCRIPTORS = 4096 };

/* At bake time, first: finds out whether libc uses the table of the guest, as in every image that is fused. */
void table_learn(void);

/* What a number stands for, until the table changes. NULL, with `errno` set, when that is nothing. */
Entry *table_get(int number);

/* Gives what is open the lowest number from `minimum` on that is free. -1, with `errno` set and the entry
 * freed, when there is none. */
int table_insert(Entry entry, int minimum);

/* Frees what a number stands for. -1, with `errno` set, when that is nothing. */
int table_remove(int number);

/* Puts an entry in the place of what a number below MAX_DESCRIPTORS stands for. False, with the entry freed, when
 * that cannot be done. */
bool table_place(int number, Entry entry);

/* Frees everything. */
void table_clear(void);

/* descriptors.c */

/* The directory that all paths start from. */
int root_descriptor(void);

/* Has it looked for again, when libc has forgotten it. */
void root_forget(void);

/* POSIX's `fcntl`. */
int eryx_fcntl(int descriptor, int command, ...);

/* POSIX's `dup` and `dup2`. */
int descriptor_duplicate(int descriptor);
int descriptor_duplicate_to(int descriptor, int target);

/* dead_descriptors.c */

/* At bake time, around libc's forgetting of all descriptors: notes which are open, then makes their numbers
 * dead, so that nothing of the bake can reach what a run opens. */
void descriptors_note(void);
void descriptors_bury(void);

/* Whether the number is that of a descriptor of the bake. */
bool is_dead(const Entry *entry);

/* reserve.c */

/* POSIX's `read`. */
ssize_t eryx_read(int descriptor, void *bytes, size_t length);

/* devices.c */

/* The descriptor that a path of `/dev` stands for: its number, -1 when there is none, and NO_DEVICE when the path
 * is another one. */
enum { NO_DEVICE = -2 };
int device_descriptor(int directory, const char *path);

/* channels.c */

/* POSIX's `pipe` and `socketpair` within this process. -1, with `errno` set, when that fails. */
int channel_pipe(int ends[2]);
int channel_socket_pair(int ends[2]);

#endif
