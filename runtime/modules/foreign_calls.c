/* Calls by address, callbacks, and the names of what is linked.
 *
 * A function of WebAssembly can be called by its address only with its own type. The tool that links an
 * image knows every function's type, and writes a library with a table of them, with code that calls
 * each type out of memory, and with functions that are there to be called back: the module `link::foreign`
 * of the crate `eryx-wasm` has the other side of the structures here. */
#include "foreign.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Offsets are from the start of the table. */
typedef struct Linked {
    /* Called with the number of a callback, where its arguments are, and where its result goes. */
    void (*callback)(uint32_t number, uint64_t *arguments, uint64_t *result);
    uint32_t symbol_count;
    uint32_t symbols;
    uint32_t signature_count;
    uint32_t signatures;
    /* The first signatures of all have callbacks, so many each, one after the other. */
    uint32_t callback_signatures;
    uint32_t callbacks_each;
    uintptr_t first_callback;
} Linked;

/* Sorted by name. */
typedef struct Symbol {
    uint32_t name;
    /* The number of its signature; of data none. */
    int32_t signature;
    /* 0 of some symbols of libraries of packages, which are found by `dlsym`. */
    uintptr_t address;
} Symbol;

/* What no library has that the guest is compiled with. */
#define IMPORT(name) __attribute__((import_module("env"), import_name(#name))) name

/* Of the library that the tool writes. */
Linked *IMPORT(eryx_linked_table)(void);
void IMPORT(eryx_linked_call)(int32_t signature, uintptr_t function, uint64_t *arguments,
                              uint64_t *result);

/* Of the library that the linker adds. */
void *IMPORT(dlopen)(const char *path, int flags);
void *IMPORT(dlsym)(void *handle, const char *name);
char *IMPORT(dlerror)(void);

/* `dlopen` has no other way to open. */
enum { RTLD_NOW = 2 };

enum { MAX_ARGUMENTS = 64 };

uint64_t foreign_result;

/* The objects of Python behind the callbacks, borrowed: each gives its place back before it goes. */
static PyObject **callbacks;

static int private_errno;

/* The copy of `errno` that `ctypes` keeps takes the place of libc's, and libc's that of the copy. */
static void exchange(void) {
    int others = errno;
    errno = private_errno;
    private_errno = others;
}

static const char *text_at(const Linked *linked, uint32_t offset) {
    return (const char *)linked + offset;
}

static const Symbol *symbols_of(const Linked *linked) {
    return (const Symbol *)text_at(linked, linked->symbols);
}

static const Symbol *find(const char *name) {
    const Linked *linked = eryx_linked_table();
    const Symbol *symbols = symbols_of(linked);
    uint32_t low = 0;
    uint32_t high = linked->symbol_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(name, text_at(linked, symbols[middle].name));
        if (order == 0) {
            return &symbols[middle];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

/* signatures() -> (list of texts as "ild:f", how many of the first have callbacks) */
static PyObject *signatures(PyObject *self, PyObject *arguments) {
    (void)self;
    (void)arguments;
    const Linked *linked = eryx_linked_table();
    const uint32_t *offsets = (const uint32_t *)text_at(linked, linked->signatures);
    PyObject *list = PyList_New((Py_ssize_t)linked->signature_count);
    for (uint32_t index = 0; list != NULL && index < linked->signature_count; index++) {
        const char *text = text_at(linked, offsets[index]);
        PyObject *item = PyUnicode_FromStringAndSize(text, (Py_ssize_t)strlen(text));
        if (item == NULL || PyList_SetItem(list, (Py_ssize_t)index, item) != 0) {
            Py_DecRef(list);
            return NULL;
        }
    }
    return list == NULL ? NULL : Py_BuildValue("Nk", list, (unsigned long)linked->callback_signatures);
}

/* symbol(name) -> (address, signature or -1) | None: of what belongs to the interpreter and to libc */
static PyObject *symbol(PyObject *self, PyObject *arguments) {
    (void)self;
    const char *name = NULL;
    if (!PyArg_ParseTuple(arguments, "s", &name)) {
        return NULL;
    }
    const Symbol *found = find(name);
    if (found == NULL) {
        return Py_BuildValue("");
    }
    return Py_BuildValue("kl", (unsigned long)found->address, (long)found->signature);
}

/* library_symbol(handle, name, key) -> (address, signature or -1) | None */
static PyObject *library_symbol(PyObject *self, PyObject *arguments) {
    (void)self;
    unsigned long handle = 0;
    const char *name = NULL;
    const char *key = NULL;
    if (!PyArg_ParseTuple(arguments, "kss", &handle, &name, &key)) {
        return NULL;
    }
    void *address = dlsym((void *)handle, name);
    if (address == NULL) {
        (void)dlerror();
        return Py_BuildValue("");
    }
    const Symbol *found = find(key);
    if (found != NULL && found->address != 0) {
        /* The one that C takes the function's address to be. */
        address = (void *)found->address;
    }
    return Py_BuildValue("kl", (unsigned long)(uintptr_t)address,
                         found == NULL ? -1L : (long)found->signature);
}

/* open_library(path) -> handle | None */
static PyObject *open_library(PyObject *self, PyObject *arguments) {
    (void)self;
    const char *path = NULL;
    if (!PyArg_ParseTuple(arguments, "s", &path)) {
        return NULL;
    }
    void *handle = dlopen(path, RTLD_NOW);
    if (handle == NULL) {
        (void)dlerror();
        return Py_BuildValue("");
    }
    return PyLong_FromUnsignedLong((uintptr_t)handle);
}

/* The number of callbacks of all signatures. */
static uint32_t callback_count(const Linked *linked) {
    return linked->callback_signatures * linked->callbacks_each;
}

/* signature_of(address) -> the number of the function's signature, or -1 */
static PyObject *signature_of(PyObject *self, PyObject *arguments) {
    (void)self;
    unsigned long address = 0;
    if (!PyArg_ParseTuple(arguments, "k", &address)) {
        return NULL;
    }
    const Linked *linked = eryx_linked_table();
    const Symbol *symbols = symbols_of(linked);
    if (address >= linked->first_callback &&
        address - linked->first_callback < callback_count(linked)) {
        uint32_t number = (uint32_t)(address - linked->first_callback);
        return PyLong_FromLong((long)(number / linked->callbacks_each));
    }
    for (uint32_t index = 0; index < linked->symbol_count; index++) {
        if (symbols[index].address == address && symbols[index].signature >= 0) {
            return PyLong_FromLong(symbols[index].signature);
        }
    }
    return PyLong_FromLong(-1);
}

uint64_t foreign_call(int32_t signature, uintptr_t address, uint64_t *arguments, int keeps_errno) {
    uint64_t result = 0;
    if (keeps_errno) {
        exchange();
    }
    eryx_linked_call(signature, address, arguments, &result);
    if (keeps_errno) {
        exchange();
    }
    return result;
}

/* call(address, signature, letters, arguments, keeps_errno, raises): leaves the result in `RESULT`. The
 * letters are those of the signature's parameters, and are as many as the arguments. */
static PyObject *call(PyObject *self, PyObject *arguments) {
    (void)self;
    unsigned long address = 0;
    int signature = 0;
    const char *letters = NULL;
    PyObject *values = NULL;
    int keeps_errno = 0;
    int raises = 0;
    if (!PyArg_ParseTuple(arguments, "kisOpp", &address, &signature, &letters, &values, &keeps_errno,
                          &raises)) {
        return NULL;
    }
    Py_ssize_t count = PyTuple_Size(values);
    if (count < 0 || count > MAX_ARGUMENTS || strlen(letters) != (size_t)count) {
        PyErr_SetString(PyExc_ValueError, "the arguments are not those of the function");
        return NULL;
    }
    uint64_t slots[MAX_ARGUMENTS];
    for (Py_ssize_t index = 0; index < count; index++) {
        PyObject *value = PyTuple_GetItem(values, index);
        if (letters[index] == 'd') {
            double number = PyFloat_AsDouble(value);
            memcpy(&slots[index], &number, sizeof number);
        } else if (letters[index] == 'f') {
            float number = (float)PyFloat_AsDouble(value);
            slots[index] = 0;
            memcpy(&slots[index], &number, sizeof number);
        } else {
            slots[index] = PyLong_AsUnsignedLongLongMask(value);
        }
        if (PyErr_Occurred() != NULL) {
            return NULL;
        }
    }
    uint64_t result = foreign_call(signature, address, slots, keeps_errno);
    foreign_result = result;
    if (raises && PyErr_Occurred() != NULL) {
        return NULL;
    }
    return Py_BuildValue("");
}

/* exchange_errno(value) -> the value before, of the copy that `ctypes` keeps */
static PyObject *exchange_errno(PyObject *self, PyObject *arguments) {
    (void)self;
    int value = 0;
    if (!PyArg_ParseTuple(arguments, "i", &value)) {
        return NULL;
    }
    int before = private_errno;
    private_errno = value;
    return PyLong_FromLong(before);
}

/* swap_errno(): exchanges the copy that `ctypes` keeps with the one of libc */
static PyObject *swap_errno(PyObject *self, PyObject *arguments) {
    (void)self;
    (void)arguments;
    exchange();
    return Py_BuildValue("");
}

/* Called by the functions that are there to be called back. */
static void called_back(uint32_t number, uint64_t *arguments, uint64_t *result) {
    PyObject *behind = callbacks == NULL ? NULL : callbacks[number];
    if (behind == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "a callback was called after its function was freed");
        PyErr_WriteUnraisable(NULL);
        return;
    }
    Py_IncRef(behind);
    PyObject *places = Py_BuildValue("kk", (unsigned long)(uintptr_t)arguments,
                                     (unsigned long)(uintptr_t)result);
    PyObject *answer = places == NULL ? NULL : PyObject_CallObject(behind, places);
    Py_DecRef(places);
    if (answer == NULL) {
        PyErr_WriteUnraisable(behind);
    }
    Py_DecRef(answer);
    Py_DecRef(behind);
}

/* claim(signature, behind) -> the address of a function that calls it, or 0 when none is left */
static PyObject *claim(PyObject *self, PyObject *arguments) {
    (void)self;
    unsigned long signature = 0;
    PyObject *behind = NULL;
    if (!PyArg_ParseTuple(arguments, "kO", &signature, &behind)) {
        return NULL;
    }
    Linked *linked = eryx_linked_table();
    if (signature >= linked->callback_signatures) {
        return PyLong_FromLong(0);
    }
    if (callbacks == NULL) {
        callbacks = calloc(callback_count(linked), sizeof *callbacks);
        if (callbacks == NULL) {
            return PyErr_NoMemory();
        }
        linked->callback = called_back;
    }
    uint32_t first = (uint32_t)signature * linked->callbacks_each;
    for (uint32_t number = first; number < first + linked->callbacks_each; number++) {
        if (callbacks[number] == NULL) {
            callbacks[number] = behind;
            return PyLong_FromUnsignedLong(linked->first_callback + number);
        }
    }
    return PyLong_FromLong(0);
}

/* release(address): what was behind the callback is gone */
static PyObject *release(PyObject *self, PyObject *arguments) {
    (void)self;
    unsigned long address = 0;
    if (!PyArg_ParseTuple(arguments, "k", &address)) {
        return NULL;
    }
    const Linked *linked = eryx_linked_table();
    unsigned long number = address - linked->first_callback;
    if (callbacks != NULL && address >= linked->first_callback && number < callback_count(linked)) {
        callbacks[number] = NULL;
    }
    return Py_BuildValue("");
}

/* report(error, what, callable): tells of an error that nobody can catch, and takes it for handled */
static PyObject *report(PyObject *self, PyObject *arguments) {
    (void)self;
    PyObject *error = NULL;
    const char *what = NULL;
    PyObject *callable = NULL;
    if (!PyArg_ParseTuple(arguments, "OsO", &error, &what, &callable)) {
        return NULL;
    }
    Py_IncRef(error);
    PyErr_SetRaisedException(error);
    PyErr_FormatUnraisable("Exception ignored %s ctypes callback function %R", what, callable);
    return Py_BuildValue("");
}

PyMethodDef foreign_call_functions[] = {
    {"signatures", signatures, METH_NOARGS, NULL},
    {"symbol", symbol, METH_VARARGS, NULL},
    {"library_symbol", library_symbol, METH_VARARGS, NULL},
    {"open_library", open_library, METH_VARARGS, NULL},
    {"signature_of", signature_of, METH_VARARGS, NULL},
    {"call", call, METH_VARARGS, NULL},
    {"exchange_errno", exchange_errno, METH_VARARGS, NULL},
    {"swap_errno", swap_errno, METH_NOARGS, NULL},
    {"claim", claim, METH_VARARGS, NULL},
    {"release", release, METH_VARARGS, NULL},
    {"report", report, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
