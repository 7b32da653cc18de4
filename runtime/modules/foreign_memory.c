/* The type `Memory`: bytes at an address, its own or somebody else's, as a buffer (PEP 3118).
 *
 * Every class of `ctypes` is made of it in Python. What a view of it shows is in the attribute
 * `_eryx_view_` of its class, a tuple of the format, the shape, and the size of an item. */
#include "foreign.h"

#include <stdlib.h>
#include <string.h>

static PyObject *memory_type;

int foreign_memory_traverse(PyObject *self, visitproc visit, void *argument) {
    Memory *memory = (Memory *)self;
    PyObject *const seen[] = {memory->base, memory->objects, memory->type};
    for (size_t index = 0; index < sizeof seen / sizeof *seen; index++) {
        int status = seen[index] == NULL ? 0 : visit(seen[index], argument);
        if (status != 0) {
            return status;
        }
    }
    return 0;
}

int foreign_memory_clear(PyObject *self) {
    Memory *memory = (Memory *)self;
    PyObject *objects = memory->objects;
    PyObject *base = memory->base;
    /* Memory that others own must not be used after they are gone. */
    if (!memory->is_owned) {
        memory->address = NULL;
        memory->size = 0;
    }
    memory->objects = NULL;
    memory->base = NULL;
    Py_DecRef(objects);
    Py_DecRef(base);
    return 0;
}

void foreign_memory_dealloc(PyObject *self) {
    Memory *memory = (Memory *)self;
    PyObject *type = memory->type;
    PyObject_GC_UnTrack(self);
    if (memory->is_owned) {
        free(memory->address);
        memory->address = NULL;
    }
    foreign_memory_clear(self);
    PyObject_GC_Del(self);
    Py_DecRef(type);
}

/* The view keeps the tuple of its class, which holds what it points to. */
static int memory_getbuffer(PyObject *self, Py_buffer *view, int flags) {
    (void)flags;
    Memory *memory = (Memory *)self;
    PyObject *shown = PyObject_GetAttrString(memory->type, "_eryx_view_");
    PyObject *format = shown == NULL ? NULL : PyTuple_GetItem(shown, 0);
    PyObject *shape = format == NULL ? NULL : PyTuple_GetItem(shown, 1);
    PyObject *item_size = shape == NULL ? NULL : PyTuple_GetItem(shown, 2);
    if (item_size == NULL) {
        Py_DecRef(shown);
        view->obj = NULL;
        return -1;
    }
    Py_ssize_t dimensions = PyBytes_Size(shape) / (Py_ssize_t)sizeof(Py_ssize_t);
    Py_IncRef(self);
    *view = (Py_buffer){
        .buf = memory->address,
        .obj = self,
        .len = memory->size,
        .itemsize = PyLong_AsSsize_t(item_size),
        .ndim = (int)dimensions,
        .format = PyBytes_AsString(format),
        .shape = dimensions == 0 ? NULL : (Py_ssize_t *)PyBytes_AsString(shape),
        .internal = shown,
    };
    return 0;
}

static void memory_releasebuffer(PyObject *self, Py_buffer *view) {
    (void)self;
    Py_DecRef(view->internal);
    view->internal = NULL;
}

static PyMemberDef members[] = {
    {"_eryx_address", Py_T_UINT, offsetof(Memory, address), Py_READONLY, NULL},
    {"_eryx_size", Py_T_PYSSIZET, offsetof(Memory, size), Py_READONLY, NULL},
    {"_eryx_index", Py_T_PYSSIZET, offsetof(Memory, index), Py_READONLY, NULL},
    {"_b_base_", Py_T_OBJECT, offsetof(Memory, base), Py_READONLY, "What it is part of."},
    {"_b_needsfree_", Py_T_INT, offsetof(Memory, is_owned), Py_READONLY,
     "Whether the memory is its own."},
    {"_objects", Py_T_OBJECT, offsetof(Memory, objects), Py_READONLY,
     "What is kept alive as long as it is."},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_dealloc, foreign_memory_dealloc},
    {Py_tp_traverse, foreign_memory_traverse},
    {Py_tp_clear, foreign_memory_clear},
    {Py_tp_members, members},
    {Py_bf_getbuffer, memory_getbuffer},
    {Py_bf_releasebuffer, memory_releasebuffer},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "_ctypes._CData",
    .basicsize = sizeof(Memory),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

/* memory_type(metaclass): the one type that all classes of `ctypes` are made of */
static PyObject *make_memory_type(PyObject *self, PyObject *metaclass) {
    (void)self;
    if (memory_type == NULL) {
        memory_type = PyType_FromMetaclass(metaclass, NULL, &spec, NULL);
    }
    Py_IncRef(memory_type);
    return memory_type;
}

Memory *foreign_memory_in(PyObject *object) {
    PyObject *type = ((Memory *)object)->type;
    return memory_type != NULL && PyType_IsSubtype(type, memory_type) ? (Memory *)object : NULL;
}

/* The memory that an argument is; NULL with an exception set when it is none. */
static Memory *memory_of(PyObject *object) {
    Memory *memory = foreign_memory_in(object);
    if (memory == NULL) {
        PyErr_SetString(PyExc_TypeError, "expected an instance of a ctypes type");
    }
    return memory;
}

/* A new instance of a type, with no memory yet. */
static Memory *new_memory(PyObject *type, const char *kind) {
    int is_one = PyObject_IsInstance(type, (PyObject *)&PyType_Type) == 1 && memory_type != NULL &&
                 PyType_IsSubtype(type, memory_type);
    if (!is_one || strlen(kind) != 2) {
        PyErr_SetString(PyExc_TypeError, "expected a ctypes type");
        return NULL;
    }
    Memory *memory = (Memory *)PyType_GenericAlloc(type, 0);
    if (memory != NULL) {
        memory->kind = kind[0];
        memory->item = kind[1];
    }
    return memory;
}

/* make(type, size, kind) -> an instance with zeroed memory of its own */
static PyObject *make(PyObject *self, PyObject *arguments) {
    (void)self;
    PyObject *type = NULL;
    Py_ssize_t size = 0;
    const char *kind = NULL;
    if (!PyArg_ParseTuple(arguments, "Ons", &type, &size, &kind)) {
        return NULL;
    }
    Memory *memory = new_memory(type, kind);
    if (memory == NULL) {
        return NULL;
    }
    memory->address = calloc(1, size > 0 ? (size_t)size : 1);
    if (memory->address == NULL) {
        Py_DecRef((PyObject *)memory);
        return PyErr_NoMemory();
    }
    memory->size = size;
    memory->is_owned = 1;
    return (PyObject *)memory;
}

/* make_part(type, size, kind, address, base, index) -> an instance that is a part of another one, or lies in
 * nobody's memory */
static PyObject *make_part(PyObject *self, PyObject *arguments) {
    (void)self;
    PyObject *type = NULL;
    Py_ssize_t size = 0;
    const char *kind = NULL;
    unsigned long address = 0;
    PyObject *base = NULL;
    Py_ssize_t index = 0;
    if (!PyArg_ParseTuple(arguments, "OnskOn", &type, &size, &kind, &address, &base, &index)) {
        return NULL;
    }
    Memory *memory = new_memory(type, kind);
    if (memory == NULL) {
        return NULL;
    }
    memory->address = (char *)address;
    memory->size = size;
    memory->index = index;
    memory->base = base == Py_GetConstantBorrowed(PY_CONSTANT_NONE) ? NULL : base;
    Py_IncRef(memory->base);
    return (PyObject *)memory;
}

/* resize(memory, size): changes the size of memory of its own */
static PyObject *resize(PyObject *self, PyObject *arguments) {
    (void)self;
    PyObject *object = NULL;
    Py_ssize_t size = 0;
    if (!PyArg_ParseTuple(arguments, "On", &object, &size)) {
        return NULL;
    }
    Memory *memory = memory_of(object);
    if (memory == NULL) {
        return NULL;
    }
    if (!memory->is_owned) {
        PyErr_SetString(PyExc_ValueError,
                        "Memory cannot be resized because this object doesn't own it");
        return NULL;
    }
    char *address = realloc(memory->address, size > 0 ? (size_t)size : 1);
    if (address == NULL) {
        return PyErr_NoMemory();
    }
    if (size > memory->size) {
        memset(address + memory->size, 0, (size_t)(size - memory->size));
    }
    memory->address = address;
    memory->size = size;
    return Py_BuildValue("");
}

/* keep(memory, objects): what must live as long as it does */
static PyObject *keep(PyObject *self, PyObject *arguments) {
    (void)self;
    PyObject *object = NULL;
    PyObject *objects = NULL;
    if (!PyArg_ParseTuple(arguments, "OO", &object, &objects)) {
        return NULL;
    }
    Memory *memory = memory_of(object);
    if (memory == NULL) {
        return NULL;
    }
    PyObject *before = memory->objects;
    Py_IncRef(objects);
    memory->objects = objects;
    Py_DecRef(before);
    return Py_BuildValue("");
}

/* view(address, size, readonly) -> memoryview */
PyObject *PyMemoryView_FromMemory(char *memory, Py_ssize_t size, int flags); /* new */

static PyObject *view(PyObject *self, PyObject *arguments) {
    (void)self;
    unsigned long address = 0;
    Py_ssize_t size = 0;
    int is_readonly = 0;
    if (!PyArg_ParseTuple(arguments, "knp", &address, &size, &is_readonly)) {
        return NULL;
    }
    /* PyBUF_READ and PyBUF_WRITE. */
    return PyMemoryView_FromMemory((char *)address, size, is_readonly ? 0x100 : 0x200);
}

/* buffer_address(buffer) -> (address, size). Whoever asks keeps the buffer's owner alive, and a view of it. */
static PyObject *buffer_address(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer buffer;
    if (!PyArg_ParseTuple(arguments, "y*", &buffer)) {
        return NULL;
    }
    PyObject *answer = Py_BuildValue("kn", (unsigned long)(uintptr_t)buffer.buf, buffer.len);
    PyBuffer_Release(&buffer);
    return answer;
}

/* freeze(type): nobody changes it from here on */
static PyObject *freeze(PyObject *self, PyObject *type) {
    (void)self;
    return PyType_Freeze(type) == 0 ? Py_BuildValue("") : NULL;
}

PyMethodDef foreign_memory_functions[] = {
    {"freeze", freeze, METH_O, NULL},
    {"memory_type", make_memory_type, METH_O, NULL},
    {"make", make, METH_VARARGS, NULL},
    {"make_part", make_part, METH_VARARGS, NULL},
    {"resize", resize, METH_VARARGS, NULL},
    {"keep", keep, METH_VARARGS, NULL},
    {"view", view, METH_VARARGS, NULL},
    {"buffer_address", buffer_address, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
