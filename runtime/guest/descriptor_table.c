/* What each descriptor stands for, in the place of libc's table: a new one gets the lowest number that is free.
 *
 * libc gives out first what was given back last, and gives the directory that all paths start from the first
 * number behind the standard streams. Here that directory has a number that no program sees.
 *
 * An image whose modules were left apart has libc's own table, as it has all of libc: then the functions of
 * the guest use that one. */
#include "files.h"

#include <errno.h>
#include <unistd.h>

/* Of wasi-libc. They have no public header, and are those that this file replaces. */
int descriptor_table_insert(Entry entry);
Entry *descriptor_table_get_ref(int descriptor);
int descriptor_table_remove(int descriptor);
void descriptor_table_clear(void);
void __wasilibc_populate_preopens(void);
int __wasilibc_init_stdio(void);

enum {
    /* Directories that the process was started with; their numbers follow the highest of a program. */
    MAX_HIDDEN = 8,
    MAX_ENTRIES = MAX_HIDDEN + MAX_DESCRIPTORS,
};

/* The hidden ones come first, so that all that is used lies together. What has no operations is free. */
static Entry entries[MAX_ENTRIES];

/* All numbers below are open. */
static int lowest;

/* Whether the standard streams are there, and whether what is added now is hidden. */
static bool has_streams, is_hiding;

/* Whether libc uses this table. */
static bool is_own;

static Entry *slot(int number) {
    return &entries[number < MAX_DESCRIPTORS ? MAX_HIDDEN + number : number - MAX_DESCRIPTORS];
}

static bool is_open(int number) {
    return number >= 0 && number < MAX_ENTRIES && slot(number)->operations != NULL;
}

/* Opens the standard streams, once; libc adds them to the table. False, with `errno` set, when memory is short. */
static bool open_streams(void) {
    if (has_streams) {
        return true;
    }
    has_streams = true;
    return __wasilibc_init_stdio() >= 0;
}

/* The lowest number from `minimum` on that is free, or -1 with `errno` set. */
static int find_free(int minimum) {
    int number = is_hiding ? MAX_DESCRIPTORS : minimum > lowest ? minimum : lowest;
    int end = is_hiding ? MAX_ENTRIES : MAX_DESCRIPTORS;
    while (number < end && is_open(number)) {
        number++;
    }
    if (!is_hiding && minimum <= lowest) {
        lowest = number;
    }
    return number < end ? number : fail(EMFILE);
}

static int add(Entry entry, int minimum) {
    int number = open_streams() ? find_free(minimum) : -1;
    if (number < 0) {
        entry.operations->free(entry.data);
        return -1;
    }
    *slot(number) = entry;
    return number;
}

OVERRIDE int eryx_table_insert(Entry entry) {
    is_own = true;
    return add(entry, 0);
}

OVERRIDE Entry *eryx_table_get(int number) {
    is_own = true;
    if (!open_streams()) {
        return NULL;
    }
    if (!is_open(number)) {
        fail(EBADF);
        return NULL;
    }
    return slot(number);
}

OVERRIDE int eryx_table_remove(int number) {
    Entry *found = eryx_table_get(number);
    if (found == NULL) {
        return -1;
    }
    Entry old = *found;
    *found = (Entry){0};
    lowest = number < lowest ? number : lowest;
    old.operations->free(old.data);
    return 0;
}

/* Moves what a number stands for to another open one. */
OVERRIDE int eryx_table_renumber(int number, int target) {
    Entry *from = eryx_table_get(number);
    Entry *to = from == NULL ? NULL : eryx_table_get(target);
    if (to == NULL) {
        return -1;
    }
    if (from != to) {
        Entry old = *to;
        *to = *from;
        *from = old;
        eryx_table_remove(number);
    }
    return 0;
}

OVERRIDE void eryx_table_clear(void) {
    is_own = true;
    for (int number = 0; number < MAX_ENTRIES; number++) {
        if (is_open(number)) {
            Entry old = *slot(number);
            *slot(number) = (Entry){0};
            old.operations->free(old.data);
        }
    }
    lowest = 0;
    has_streams = false;
}

OVERRIDE void eryx_populate_preopens(void) {
    open_streams();
    is_hiding = true;
    __wasilibc_populate_preopens();
    is_hiding = false;
}

void table_learn(void) {
    /* Looks up a number, in whatever table libc uses. */
    isatty(-1);
}

Entry *table_get(int number) {
    return is_own ? eryx_table_get(number) : descriptor_table_get_ref(number);
}

int table_insert(Entry entry, int minimum) {
    return is_own ? add(entry, minimum) : descriptor_table_insert(entry);
}

int table_remove(int number) {
    return is_own ? eryx_table_remove(number) : descriptor_table_remove(number);
}

void table_clear(void) {
    is_own ? eryx_table_clear() : descriptor_table_clear();
}

/* What keeps a number of libc's table for a moment. */
static void placeholder_free(void *data) {
    (void)data;
}

static const Operations placeholder = {.free = placeholder_free};

/* Takes the numbers that are free in libc's table until it has `target`, and gives back the others. */
static bool take_of_libc(int target) {
    static int taken[MAX_DESCRIPTORS];
    int count = 0;
    bool found = false;
    while (!found && count < MAX_DESCRIPTORS) {
        int number = descriptor_table_insert((Entry){NULL, &placeholder});
        if (number < 0) {
            break;
        }
        found = number == target;
        if (!found) {
            taken[count++] = number;
        }
    }
    while (count > 0) {
        descriptor_table_remove(taken[--count]);
    }
    return found;
}

bool table_place(int number, Entry entry) {
    Entry old = {NULL, &placeholder};
    Entry *found = is_own ? slot(number) : descriptor_table_get_ref(number);
    if (found == NULL && take_of_libc(number)) {
        found = descriptor_table_get_ref(number);
    }
    if (found == NULL) {
        entry.operations->free(entry.data);
        return false;
    }
    if (found->operations != NULL) {
        old = *found;
    }
    *found = entry;
    old.operations->free(old.data);
    return true;
}
