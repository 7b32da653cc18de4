/* Locales, of which there is one with two names.
 *
 * libc takes any name for a locale, and answers as if it had it. A program is told that there is no such
 * locale, as it is on a system where none is installed. */
#include "guest.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* libc's own order. What it answers for all categories at once names them in it, and `;` between them. */
static const char *const variables[] = {
    [LC_CTYPE] = "LC_CTYPE",       [LC_NUMERIC] = "LC_NUMERIC",   [LC_TIME] = "LC_TIME",
    [LC_COLLATE] = "LC_COLLATE",   [LC_MONETARY] = "LC_MONETARY", [LC_MESSAGES] = "LC_MESSAGES",
};

enum { CATEGORIES = sizeof variables / sizeof *variables };

static bool is_name(const char *name, size_t length) {
    static const char *const names[] = {"C", "POSIX", "C.UTF-8", "C.utf8"};
    for (size_t index = 0; index < sizeof names / sizeof *names; index++) {
        if (strlen(names[index]) == length && strncasecmp(names[index], name, length) == 0) {
            return true;
        }
    }
    return false;
}

/* The locale of a category that the environment names. */
static const char *name_from_environment(int category) {
    const char *const candidates[] = {getenv("LC_ALL"), getenv(variables[category]), getenv("LANG")};
    for (size_t index = 0; index < sizeof candidates / sizeof *candidates; index++) {
        if (candidates[index] != NULL && candidates[index][0] != '\0') {
            return candidates[index];
        }
    }
    return "C";
}

/* Whether a name is that of a locale, or of one for each category. */
static bool is_locale(int category, const char *name) {
    if (name[0] != '\0') {
        for (const char *end; (end = strchr(name, ';')) != NULL && category == LC_ALL; name = end + 1) {
            if (!is_name(name, (size_t)(end - name))) {
                return false;
            }
        }
        return is_name(name, strlen(name));
    }
    for (int each = 0; each < CATEGORIES; each++) {
        const char *named = name_from_environment(each);
        if ((category == LC_ALL || category == each) && !is_name(named, strlen(named))) {
            return false;
        }
    }
    return true;
}

/* Sets the locale and returns its name, or NULL when there is none of this name. */
__attribute__((visibility("default")))
char *eryx_setlocale(int category, const char *name) {
    if (name != NULL && !is_locale(category, name)) {
        return NULL;
    }
    char *set = setlocale(category, name);
    /* But for the encoding, the locale is that of C in all its categories. */
    static char whole[] = "C.UTF-8";
    return set != NULL && category == LC_ALL && strcmp(set, "C.UTF-8;C;C;C;C;C") == 0 ? whole : set;
}
