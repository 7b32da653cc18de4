/* The extension modules that the guest has built in, made known to CPython. */
#include "modules.h"

#include "python.h"

PyObject *eryx_codecs_module(void);
PyObject *eryx_derivation_module(void);
PyObject *eryx_posix_module(void);
PyObject *eryx_foreign_module(void);

bool modules_register(void) {
    return PyImport_AppendInittab("_eryx_codecs", eryx_codecs_module) == 0 &&
           PyImport_AppendInittab("_eryx_derivation", eryx_derivation_module) == 0 &&
           PyImport_AppendInittab("_eryx_posix", eryx_posix_module) == 0 &&
           PyImport_AppendInittab("_eryx_foreign", eryx_foreign_module) == 0;
}
