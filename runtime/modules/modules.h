/* What the guest needs to know of its modules. */
#ifndef ERYX_MODULES_H
#define ERYX_MODULES_H

#include <stdbool.h>

/* Makes the modules importable. To be called before CPython starts; false when memory is short. */
bool modules_register(void);

#endif
