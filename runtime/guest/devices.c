/* Paths of `/dev` that stand for what this process has open. */
#include "files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The number that a text of digits is, or -1. */
static int number_of(const char *text) {
    int number = 0;
    if (*text == '\0') {
        return -1;
    }
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9' || number >= MAX_DESCRIPTORS) {
            return -1;
        }
        number = 10 * number + (*text - '0');
    }
    return number;
}

/* The first of the standard streams that is the terminal, or -1. */
static int terminal(void) {
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++) {
        if (isatty(stream)) {
            return stream;
        }
    }
    return -1;
}

int device_descriptor(int directory, const char *path) {
    static const char prefix[] = "dev/";
    static const char descriptors[] = "fd/";
    if (strncmp(path, prefix, sizeof prefix - 1) != 0 || directory != root_descriptor()) {
        return NO_DEVICE;
    }
    const char *name = &path[sizeof prefix - 1];
    if (strcmp(name, "stdin") == 0) {
        return STDIN_FILENO;
    }
    if (strcmp(name, "stdout") == 0) {
        return STDOUT_FILENO;
    }
    if (strcmp(name, "stderr") == 0) {
        return STDERR_FILENO;
    }
    if (strcmp(name, "tty") == 0) {
        return terminal();
    }
    if (strncmp(name, descriptors, sizeof descriptors - 1) == 0) {
        int number = number_of(&name[sizeof descriptors - 1]);
        /* What is not open is not there. */
        return number >= 0 && table_get(number) != NULL ? number : NO_DEVICE;
    }
    return NO_DEVICE;
}
