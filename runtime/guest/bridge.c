/* The host bridge: what Python code may ask of the host, as functions of the module `_eryx_host`. */
#include "guest.h"
#include "interface.h"

IMPORT_PROCESS_EXIT_EXIT
extern void host_exit(int32_t status);

IMPORT_PROGRESS_IMPORTS_IMPORTING
extern void host_importing(const char *module, size_t length);

/* exit(status): ends the sandbox at once. */
static PyObject *bridge_exit(PyObject *self, PyObject *status) {
    (void)self;
    long number = PyLong_AsLong(status);
    if (number == -1 && PyErr_Occurred() != NULL) {
        return NULL;
    }
    host_exit((int32_t)number);
    __builtin_trap();
}

/* importing(name): tells the host which module is being imported. */
static PyObject *bridge_importing(PyObject *self, PyObject *name) {
    (void)self;
    Py_ssize_t length = 0;
    const char *text = PyUnicode_AsUTF8AndSize(name, &length);
    if (text == NULL) {
        return NULL;
    }
    host_importing(text, (size_t)length);
    PyObject *none = Py_GetConstantBorrowed(PY_CONSTANT_NONE);
    Py_IncRef(none);
    return none;
}

static PyMethodDef methods[] = {
    {"exit", bridge_exit, METH_O, "End the program at once with a status."},
    {"importing", bridge_importing, METH_O, "Say which module is being imported."},
};

bool bridge_install(void) {
    PyObject *module = PyImport_AddModule("_eryx_host");
    for (size_t index = 0; module != NULL && index < sizeof methods / sizeof *methods; index++) {
        PyObject *function = PyCFunction_NewEx(&methods[index], NULL, NULL);
        if (function == NULL ||
            PyObject_SetAttrString(module, methods[index].ml_name, function) != 0) {
            module = NULL;
        }
        Py_DecRef(function);
    }
    return module != NULL;
}
