/* What the files of the module `_eryx_foreign`, the C side of `_ctypes`, share. */
#ifndef ERYX_FOREIGN_H
#define ERYX_FOREIGN_H

#include "python.h"

/* foreign_memory.c: the type of all objects of `ctypes`, and functions of it. */
extern PyMethodDef foreign_memory_functions[];

/* foreign_values.c: values of C at addresses. */
extern PyMethodDef foreign_value_functions[];

/* foreign_calls.c: calls by address, callbacks, and what is linked. */
extern PyMethodDef foreign_call_functions[];

/* Where the last call left its result. */
extern uint64_t foreign_result;

#endif
