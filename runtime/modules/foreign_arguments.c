/* Arguments that were converted, and `byref`, which makes one. */
#include "foreign.h"

static PyObject *argument_type;

static PyObject **held(PyObject *self, size_t index) {
    Argument *argument = (Argument *)self;
    PyObject **const all[] = {&argument->tag, &argument->value, &argument->object, &argument->memory};
    return all[index];
}

enum { HELD = 4 };

static int argument_traverse(PyObject *self, visitproc visit, void *argument) {
    int status = visit(((Argument *)self)->type, argument);
    for (size_t index = 0; status == 0 && index < HELD; index++) {
        PyObject *object = *held(self, index);
        status = object == NULL ? 0 : visit(object, argument);
    }
    return status;
}

static int argument_clear(PyObject *self) {
    for (size_t index = 0; index < HELD; index++) {
        PyObject *object = *held(self, index);
        *held(self, index) = NULL;
        Py_DecRef(object);
    }
    return 0;
}

static void argument_dealloc(PyObject *self) {
    PyObject *type = ((Argument *)self)->type;
    PyObject_GC_UnTrack(self);
    argument_clear(self);
    PyObject_GC_Del(self);
    Py_DecRef(type);
}

static PyMemberDef members[] = {
    {"tag", Py_T_OBJECT, offsetof(Argument, tag), 0, NULL},
    {"value", Py_T_OBJECT, offsetof(Argument, value), 0, NULL},
    {"_obj", Py_T_OBJECT, offsetof(Argument, object), 0, NULL},
    {"_memory", Py_T_OBJECT, offsetof(Argument, memory), 0, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_dealloc, argument_dealloc},
    {Py_tp_traverse, argument_traverse},
    {Py_tp_clear, argument_clear},
    {Py_tp_members, members},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "_ctypes.CArgObject",
    .basicsize = sizeof(Argument),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

Argument *foreign_argument_in(PyObject *object) {
    return ((Argument *)object)->type == argument_type ? (Argument *)object : NULL;
}

/* argument_type() -> the type of converted arguments */
static PyObject *get_argument_type(PyObject *self, PyObject *arguments) {
    (void)self;
    (void)arguments;
    if (argument_type == NULL) {
        argument_type = PyType_FromMetaclass(NULL, NULL, &spec, NULL);
    }
    Py_IncRef(argument_type);
    return argument_type;
}

/* argument(tag, value, kept) -> an argument */
static PyObject *make_argument(PyObject *self, PyObject *arguments) {
    (void)self;
    PyObject *tag = NULL;
    PyObject *value = NULL;
    PyObject *kept = NULL;
    if (!PyArg_ParseTuple(arguments, "OOO", &tag, &value, &kept)) {
        return NULL;
    }
    Argument *made = (Argument *)PyType_GenericAlloc(argument_type, 0);
    if (made != NULL) {
        Py_IncRef(tag);
        Py_IncRef(value);
        Py_IncRef(kept);
        made->tag = tag;
        made->value = value;
        made->object = kept;
    }
    return (PyObject *)made;
}

/* byref(instance, offset=0) -> its address as an argument */
static PyObject *byref(PyObject *self, PyObject *arguments) {
    PyObject *object = NULL;
    Py_ssize_t offset = 0;
    if (!PyArg_ParseTuple(arguments, "O|n:byref", &object, &offset)) {
        return NULL;
    }
    const Memory *memory = foreign_memory_in(object);
    if (memory == NULL) {
        PyObject *name = PyObject_GetAttrString(((Memory *)object)->type, "__name__");
        if (name != NULL) {
            PyErr_Format(PyExc_TypeError, "byref() argument must be a ctypes instance, not '%U'", name);
            Py_DecRef(name);
        }
        return NULL;
    }
    unsigned long address = (uintptr_t)memory->address + (unsigned long)offset;
    PyObject *parts = Py_BuildValue("CkO", 'P', address, object);
    PyObject *made = parts == NULL ? NULL : make_argument(self, parts);
    Py_DecRef(parts);
    return made;
}

PyMethodDef foreign_argument_functions[] = {
    {"argument_type", get_argument_type, METH_NOARGS, NULL},
    {"argument", make_argument, METH_VARARGS, NULL},
    {"byref", byref, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
