/* Listing directories, and the working directory. */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* What the working directory was when it was entered; a path alone does not say that it is gone. */
static struct stat entered;
static bool was_entered;

OVERRIDE int eryx_chdir(const char *path) {
    if (chdir(path) != 0) {
        return -1;
    }
    was_entered = stat(".", &entered) == 0;
    return 0;
}

OVERRIDE char *eryx_getcwd(char *buffer, size_t size) {
    struct stat now;
    if (was_entered && stat(".", &now) != 0) {
        fail(ENOENT);
        return NULL;
    }
    if (was_entered && (now.st_ino != entered.st_ino || now.st_dev != entered.st_dev)) {
        fail(ENOENT);
        return NULL;
    }
    return getcwd(buffer, size);
}

static bool is_listing_dead(DIR *listing) {
    Entry *entry = table_get(dirfd(listing));
    return entry == NULL || is_dead(entry);
}

OVERRIDE struct dirent *eryx_readdir(DIR *listing) {
    if (is_listing_dead(listing)) {
        fail(EBADF);
        return NULL;
    }
    int before = *__errno_location();
    struct dirent *found = NULL;
    do {
        *__errno_location() = 0;
        found = readdir(listing);
        /* What is removed while the directory is read is not there. */
    } while (found == NULL && *__errno_location() == ENOENT);
    if (*__errno_location() == 0) {
        *__errno_location() = before;
    }
    if (found != NULL) {
        size_t length = name_decode(found->d_name, strlen(found->d_name));
        found->d_name[length] = '\0';
    }
    return found;
}

OVERRIDE void eryx_rewinddir(DIR *listing) {
    if (!is_listing_dead(listing)) {
        rewinddir(listing);
    }
}

/* The host does not know the listings of a bake: their memory is left alone. */
OVERRIDE int eryx_closedir(DIR *listing) {
    return is_listing_dead(listing) ? fail(EBADF) : closedir(listing);
}
