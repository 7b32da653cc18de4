/* What the files of the module `_eryx_foreign`, the C side of `_ctypes`, share. */
#ifndef ERYX_FOREIGN_H
#define ERYX_FOREIGN_H

#include "python.h"

/* An object of `ctypes`: bytes at an address. Every object of Python begins with the first two. */
typedef struct Memory {
    Py_ssize_t reference_count;
    PyObject *type;
    char *address;
    Py_ssize_t size;
    int is_owned;
    /* What it is as an argument: the letter of a simple type, or one of those below. */
    char kind;
    /* The letter of what an array holds or a pointer points to, if there is one. */
    char item;
    /* Its place in the object that it is part of. */
    Py_ssize_t index;
    /* The object that it is part of, and what must live as long as it does. */
    PyObject *base;
    PyObject *objects;
} Memory;

enum {
    /* Passed as its address. */
    KIND_ARRAY = 'A',
    /* Pointers and functions: passed as the address that lies in it. */
    KIND_POINTER = 'p',
    /* Passed in another way, or as what it is itself. */
    KIND_OTHER = '-',
};

/* An argument that was converted: a letter, the value, what is kept alive, and the instance that it lies in. */
typedef struct Argument {
    Py_ssize_t reference_count;
    PyObject *type;
    PyObject *tag;
    PyObject *value;
    PyObject *object;
    PyObject *memory;
} Argument;

/* Addresses from here on are of functions that only Python can call. */
#define FOREIGN_FIRST_OF_PYTHON 0xFFFF0000UL

/* foreign_memory.c: the type of all objects of `ctypes`, and functions of it. */
extern PyMethodDef foreign_memory_functions[];
int foreign_memory_traverse(PyObject *self, visitproc visit, void *argument);
int foreign_memory_clear(PyObject *self);
void foreign_memory_dealloc(PyObject *self);
/* The object, if it is one of `ctypes`, or NULL. */
Memory *foreign_memory_in(PyObject *object);

/* foreign_arguments.c: arguments that were converted, and `byref`. */
extern PyMethodDef foreign_argument_functions[];
/* The object, if it is such an argument, or NULL. */
Argument *foreign_argument_in(PyObject *object);

/* foreign_values.c: values of C at addresses. */
extern PyMethodDef foreign_value_functions[];
PyObject *foreign_load(int code, const void *address, int is_swapped); /* new */

/* foreign_lowering.c: makes the number that a value is passed as, for a parameter of a kind: the letter of a
 * simple type, or a kind from above. The letter is that of the parameter in WebAssembly; `declared` is the
 * parameter's type in `ctypes`, and `pointed` what it points to, if anything. Returns 0, with no exception set,
 * for what is not among the common cases. */
int foreign_lower(char kind, char letter, PyObject *value, PyObject *declared, PyObject *pointed,
                  uint64_t *slot);

/* foreign_function.c: the type of functions, which calls those that are prepared. */
extern PyMethodDef foreign_function_functions[];

/* foreign_calls.c: calls by address, callbacks, and what is linked. */
extern PyMethodDef foreign_call_functions[];
/* Calls a function, whose arguments are as its signature says, and returns its result. */
uint64_t foreign_call(int32_t signature, uintptr_t address, uint64_t *arguments, int keeps_errno);

/* Where the last call left its result. */
extern uint64_t foreign_result;

#endif
