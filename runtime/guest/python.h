/* The few functions of CPython's C API that the guest calls.
 *
 * All but PyInitConfig (PEP 741) belong to the stable ABI (PEP 384). They are declared here so that
 * the guest compiles without Python's headers, and so that a reader sees at once what it relies on.
 * "New" means that the caller owns the returned reference, "borrowed" that it does not; every
 * function that returns a pointer returns NULL with an exception set when it fails. */
#ifndef ERYX_PYTHON_H
#define ERYX_PYTHON_H

#include <stddef.h>
#include <stdint.h>

typedef struct _object PyObject;
typedef struct PyInitConfig PyInitConfig;
typedef ptrdiff_t Py_ssize_t;

typedef PyObject *(*PyCFunction)(PyObject *self, PyObject *arguments);

typedef struct PyMethodDef {
    const char *ml_name;
    PyCFunction ml_meth;
    int ml_flags;
    const char *ml_doc;
} PyMethodDef;

enum { METH_NOARGS = 0x0004, METH_O = 0x0008 };

/* Initialisation (PEP 741). */
PyInitConfig *PyInitConfig_Create(void);
void PyInitConfig_Free(PyInitConfig *config);
int PyInitConfig_SetInt(PyInitConfig *config, const char *name, int64_t value);
int PyInitConfig_SetStr(PyInitConfig *config, const char *name, const char *value);
int PyInitConfig_SetStrList(PyInitConfig *config, const char *name, size_t length,
                            char *const *items);
int PyInitConfig_GetError(PyInitConfig *config, const char **message);
int Py_InitializeFromInitConfig(PyInitConfig *config);

/* Objects. */
void Py_IncRef(PyObject *object);
void Py_DecRef(PyObject *object);                                     /* NULL is allowed */
PyObject *Py_GetConstantBorrowed(unsigned int constant);              /* borrowed */
PyObject *PyObject_CallObject(PyObject *callable, PyObject *arguments); /* new */
PyObject *PyObject_GetAttrString(PyObject *object, const char *name); /* new */
int PyObject_SetAttrString(PyObject *object, const char *name, PyObject *value);
enum { PY_CONSTANT_NONE = 0 };

/* Modules and functions. */
PyObject *PyImport_AddModule(const char *name);               /* borrowed */
PyObject *PyImport_ImportModule(const char *name);            /* new */
PyObject *PyCFunction_NewEx(PyMethodDef *method, PyObject *self, PyObject *module); /* new */

/* Values. */
PyObject *PyUnicode_FromStringAndSize(const char *text, Py_ssize_t length); /* new */
PyObject *PyUnicode_DecodeFSDefaultAndSize(const char *text, Py_ssize_t length); /* new */
const char *PyUnicode_AsUTF8AndSize(PyObject *text, Py_ssize_t *length); /* lives as long as text */
PyObject *PyBytes_FromStringAndSize(const char *bytes, Py_ssize_t length);  /* new */
char *PyBytes_AsString(PyObject *bytes);                                    /* lives as long as bytes */
Py_ssize_t PyBytes_Size(PyObject *bytes);
PyObject *PyList_New(Py_ssize_t length);                                    /* new */
int PyList_SetItem(PyObject *list, Py_ssize_t index, PyObject *item);       /* takes item */
PyObject *PyTuple_New(Py_ssize_t length);                                   /* new */
int PyTuple_SetItem(PyObject *tuple, Py_ssize_t index, PyObject *item);     /* takes item */
PyObject *PyTuple_GetItem(PyObject *tuple, Py_ssize_t index);               /* borrowed */
long PyLong_AsLong(PyObject *number);
PyObject *PyLong_FromLong(long number); /* new */

/* Exceptions. */
PyObject *PyErr_Occurred(void);           /* borrowed */
PyObject *PyErr_GetRaisedException(void); /* new */
void PyErr_Clear(void);
void PyErr_Print(void);
int PyErr_SetInterruptEx(int signal_number);
int PyErr_CheckSignals(void);

/* CPython's one global structure. Only its address is used. */
extern char _PyRuntime;

#endif
