/* Python values from the bytes of the component model, and calls with them. */
#include "guest.h"

PyObject *string_from(Bytes text) {
    return PyUnicode_FromStringAndSize(text.data, (Py_ssize_t)text.length);
}

PyObject *argument_from(Bytes text) {
    return PyUnicode_DecodeFSDefaultAndSize(text.data, (Py_ssize_t)text.length);
}

/* A new list of what `convert` makes of each item, or NULL with an exception set. */
static PyObject *list_from(const Bytes *items, size_t count, PyObject *(*convert)(Bytes)) {
    PyObject *list = PyList_New((Py_ssize_t)count);
    for (size_t index = 0; list != NULL && index < count; index++) {
        PyObject *item = convert(items[index]);
        if (item == NULL || PyList_SetItem(list, (Py_ssize_t)index, item) != 0) {
            Py_DecRef(list);
            return NULL;
        }
    }
    return list;
}

PyObject *strings_from(const Bytes *items, size_t count) {
    return list_from(items, count, string_from);
}

PyObject *arguments_from(const Bytes *items, size_t count) {
    return list_from(items, count, argument_from);
}

PyObject *none(void) {
    PyObject *none = Py_GetConstantBorrowed(PY_CONSTANT_NONE);
    Py_IncRef(none);
    return none;
}

PyObject *call(const char *module, const char *function, PyObject *arguments) {
    PyObject *result = NULL;
    PyObject *namespace = arguments == NULL ? NULL : PyImport_ImportModule(module);
    if (namespace != NULL) {
        PyObject *callable = PyObject_GetAttrString(namespace, function);
        if (callable != NULL) {
            result = PyObject_CallObject(callable, arguments);
            Py_DecRef(callable);
        }
        Py_DecRef(namespace);
    }
    Py_DecRef(arguments);
    return result;
}
