/* Generators of random numbers that are written in C.
 *
 * A snapshot would give every run the same numbers. Those of Python are seeded in `randomness.py`,
 * and SQLite's forgets its state at bake time. `getentropy`, and `arc4random` upon it, keep none. */
/* For what libc has beyond C. */
#define _GNU_SOURCE

#include "guest.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where the secret of `hash()` ends, and with it that of expat begins (pyhash.h): expat's tables are
 * made anew with every parser, so this one may change. */
enum { EXPAT_SALT = 16 };

typedef struct Seeds {
    unsigned int rand, random;
    unsigned short rand48[3];
    uint32_t expat;
} Seeds;

void generators_seed(void) {
    Seeds seeds;
    if (getentropy(&seeds, sizeof seeds) != 0) {
        return;
    }
    srand(seeds.rand);
    srandom(seeds.random);
    seed48(seeds.rand48);
    memcpy(&_Py_HashSecret[EXPAT_SALT], &seeds.expat, sizeof seeds.expat);
}
