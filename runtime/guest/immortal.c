/* Objects whose reference counts never change.
 *
 * A reference count lies in the object, so that looking at an object writes to its page, which is then
 * copied. What the snapshot holds lives as long as the sandbox anyway: at bake time its functions, types and
 * names are marked as CPython marks its own constants (PEP 683), which are not counted. */
#include "guest.h"

/* make_immortal(names, others): marks each item of two lists. The names are strings, and interned. */
static PyObject *make_immortal(PyObject *self, PyObject *arguments) {
    (void)self;
    PyObject *names, *others; /* borrowed */
    if (!PyArg_ParseTuple(arguments, "OO", &names, &others)) {
        return NULL;
    }
    for (Py_ssize_t index = PyList_Size(names) - 1; index >= 0; index--) {
        PyObject *name = PyList_GetItem(names, index);
        Py_IncRef(name);
        PyUnicode_InternImmortal(&name);
    }
    for (Py_ssize_t index = PyList_Size(others) - 1; index >= 0; index--) {
        _Py_SetImmortalUntracked(PyList_GetItem(others, index));
    }
    return PyErr_Occurred() != NULL ? NULL : none();
}

static PyMethodDef method = {"make_immortal", make_immortal, METH_VARARGS,
                             "Stop counting the references to the items of two lists: names, and others."};

PyObject *immortal_function(void) {
    return PyCFunction_NewEx(&method, NULL, NULL);
}
