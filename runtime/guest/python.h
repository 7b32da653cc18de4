/* The few functions of CPython's C API that the guest and the modules call.
 *
 * All but those of PEP 741 and PyOS_ReadlineFunctionPointer belong to the stable ABI (PEP 384). They
 * are declared here so that C compiles without Python's headers, and so that a reader sees at once what
 * it relies on. "New" means that the caller owns the returned reference, "borrowed" that it does not; every
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

enum { METH_VARARGS = 0x0001, METH_NOARGS = 0x0004, METH_O = 0x0008 };

/* A type that is made at run time, and the attributes that it has at fixed places of its instances. */
typedef struct PyType_Slot {
    int slot;
    void *pfunc;
} PyType_Slot;

typedef struct PyType_Spec {
    const char *name;
    int basicsize;
    int itemsize;
    unsigned int flags;
    PyType_Slot *slots;
} PyType_Spec;

typedef struct PyMemberDef {
    const char *name;
    int type;
    Py_ssize_t offset;
    int flags;
    const char *doc;
} PyMemberDef;

typedef int (*visitproc)(PyObject *object, void *argument);

enum {
    Py_bf_getbuffer = 1,
    Py_bf_releasebuffer = 2,
    Py_tp_call = 50,
    Py_tp_clear = 51,
    Py_tp_dealloc = 52,
    Py_tp_members = 72,
    Py_tp_traverse = 71,
};

enum { Py_TPFLAGS_DEFAULT = 0, Py_TPFLAGS_BASETYPE = 1 << 10, Py_TPFLAGS_HAVE_GC = 1 << 14 };

enum {
    Py_T_INT = 1,
    Py_T_OBJECT = 6,
    Py_T_UINT = 11,
    /* NULL is an AttributeError, and not None. */
    Py_T_OBJECT_EX = 16,
    Py_T_PYSSIZET = 19,
    Py_READONLY = 1,
};

PyObject *PyType_FromMetaclass(PyObject *metaclass, PyObject *module, PyType_Spec *spec,
                               PyObject *bases); /* new; the others may be NULL */
int PyType_Freeze(PyObject *type);
int PyType_IsSubtype(PyObject *type, PyObject *other); /* by the MRO: runs no code */
PyObject *PyType_GenericAlloc(PyObject *type, Py_ssize_t items); /* new, all zeros */
extern PyObject PyBytes_Type, PyFloat_Type, PyLong_Type, PyType_Type;
void PyObject_GC_UnTrack(void *object);
void PyObject_GC_Del(void *object);

/* The definition of a module that is initialised in two phases (PEP 489). */
typedef struct PyModuleDef_Slot {
    int slot;
    int (*value)(PyObject *module);
} PyModuleDef_Slot;

typedef struct PyModuleDef {
    struct {
        Py_ssize_t ob_refcnt;
        PyObject *ob_type;
        PyObject *(*m_init)(void);
        Py_ssize_t m_index;
        PyObject *m_copy;
    } m_base;
    const char *m_name;
    const char *m_doc;
    Py_ssize_t m_size;
    PyMethodDef *m_methods;
    PyModuleDef_Slot *m_slots;
    void *m_traverse;
    void *m_clear;
    void *m_free;
} PyModuleDef;

#define PyModuleDef_HEAD_INIT {1, NULL, NULL, 0, NULL}

enum { PY_MOD_EXEC = 2 };

/* A view of an object's bytes (PEP 3118), in the stable ABI since 3.11. */
typedef struct Py_buffer {
    void *buf;
    PyObject *obj;
    Py_ssize_t len;
    Py_ssize_t itemsize;
    int readonly;
    int ndim;
    char *format;
    Py_ssize_t *shape;
    Py_ssize_t *strides;
    Py_ssize_t *suboffsets;
    void *internal;
} Py_buffer;

#define PY_SSIZE_T_MAX PTRDIFF_MAX

/* Initialisation (PEP 741). */
PyInitConfig *PyInitConfig_Create(void);
void PyInitConfig_Free(PyInitConfig *config);
int PyInitConfig_SetInt(PyInitConfig *config, const char *name, int64_t value);
int PyInitConfig_SetStr(PyInitConfig *config, const char *name, const char *value);
int PyInitConfig_SetStrList(PyInitConfig *config, const char *name, size_t length,
                            char *const *items);
int PyInitConfig_GetError(PyInitConfig *config, const char **message);
int Py_InitializeFromInitConfig(PyInitConfig *config);

/* Configuration of the interpreter that runs (PEP 741). */
int PyConfig_Set(const char *name, PyObject *value);

/* Objects. */
void Py_IncRef(PyObject *object);
void Py_DecRef(PyObject *object);                                     /* NULL is allowed */
PyObject *Py_GetConstantBorrowed(unsigned int constant);              /* borrowed */
PyObject *PyObject_CallObject(PyObject *callable, PyObject *arguments); /* new */
PyObject *PyObject_Call(PyObject *callable, PyObject *arguments, PyObject *keywords); /* new */
PyObject *PyObject_GetAttrString(PyObject *object, const char *name); /* new */
int PyObject_SetAttrString(PyObject *object, const char *name, PyObject *value);
int PyObject_IsInstance(PyObject *object, PyObject *type);
int PyObject_IsTrue(PyObject *object);
enum { PY_CONSTANT_NONE = 0 };

/* Modules and functions. */
PyObject *PyImport_AddModule(const char *name);               /* borrowed */
PyObject *PyImport_ImportModule(const char *name);            /* new */
PyObject *PyCFunction_NewEx(PyMethodDef *method, PyObject *self, PyObject *module); /* new */
int PyImport_AppendInittab(const char *name, PyObject *(*make)(void));
PyObject *PyModuleDef_Init(PyModuleDef *definition);          /* borrowed */
int PyModule_AddFunctions(PyObject *module, PyMethodDef *functions);
int PyModule_AddObjectRef(PyObject *module, const char *name, PyObject *value); /* NULL fails */
int PyModule_AddStringConstant(PyObject *module, const char *name, const char *value);

/* Arguments and results by format. A buffer that was taken must be released. */
int PyArg_ParseTuple(PyObject *arguments, const char *format, ...);
PyObject *Py_BuildValue(const char *format, ...); /* new */
void PyBuffer_Release(Py_buffer *buffer);

/* Capsules: pointers of C in the hands of Python. */
PyObject *PyCapsule_New(void *pointer, const char *name, void (*close)(PyObject *)); /* new */
void *PyCapsule_GetPointer(PyObject *capsule, const char *name);

/* Values. */
PyObject *PyUnicode_FromStringAndSize(const char *text, Py_ssize_t length); /* new */
PyObject *PyUnicode_DecodeFSDefaultAndSize(const char *text, Py_ssize_t length); /* new */
const char *PyUnicode_AsUTF8AndSize(PyObject *text, Py_ssize_t *length); /* lives as long as text */
PyObject *PyBytes_FromStringAndSize(const char *bytes, Py_ssize_t length);  /* new */
char *PyBytes_AsString(PyObject *bytes);                                    /* lives as long as bytes */
Py_ssize_t PyBytes_Size(PyObject *bytes);
PyObject *PyList_New(Py_ssize_t length);                                    /* new */
Py_ssize_t PyList_Size(PyObject *list);
int PyList_Append(PyObject *list, PyObject *item);
PyObject *PyList_GetItem(PyObject *list, Py_ssize_t index);                 /* borrowed */
int PyList_SetItem(PyObject *list, Py_ssize_t index, PyObject *item);       /* takes item */
PyObject *PyTuple_New(Py_ssize_t length);                                   /* new */
int PyTuple_SetItem(PyObject *tuple, Py_ssize_t index, PyObject *item);     /* takes item */
Py_ssize_t PyTuple_Size(PyObject *tuple);
PyObject *PyTuple_GetItem(PyObject *tuple, Py_ssize_t index);               /* borrowed */
long PyLong_AsLong(PyObject *number);
long long PyLong_AsLongLong(PyObject *number);
Py_ssize_t PyLong_AsSsize_t(PyObject *number);
PyObject *PyLong_FromLong(long number);          /* new */
PyObject *PyLong_FromLongLong(long long number); /* new */
PyObject *PyBool_FromLong(long number);          /* new */
PyObject *PyLong_FromUnsignedLong(unsigned long number);          /* new */
PyObject *PyLong_FromUnsignedLongLong(unsigned long long number); /* new */
unsigned long PyLong_AsUnsignedLongMask(PyObject *number);
unsigned long long PyLong_AsUnsignedLongLongMask(PyObject *number);
double PyFloat_AsDouble(PyObject *number);
PyObject *PyFloat_FromDouble(double number);     /* new */
PyObject *PyUnicode_FromWideChar(const wchar_t *text, Py_ssize_t length); /* new */
Py_ssize_t PyUnicode_AsWideChar(PyObject *text, wchar_t *out, Py_ssize_t length);

/* Exceptions. */
PyObject *PyErr_Occurred(void);           /* borrowed */
PyObject *PyErr_GetRaisedException(void); /* new */
void PyErr_Clear(void);
int PyErr_ExceptionMatches(PyObject *type);
void PyErr_SetString(PyObject *type, const char *message);
void PyErr_SetNone(PyObject *type);
PyObject *PyErr_Format(PyObject *type, const char *format, ...); /* always NULL */
PyObject *PyErr_NoMemory(void);                                   /* always NULL */
PyObject *PyErr_NewExceptionWithDoc(const char *name, const char *doc, PyObject *base,
                                    PyObject *namespace); /* new */
extern PyObject *PyExc_BufferError, *PyExc_MemoryError, *PyExc_OSError, *PyExc_RuntimeError,
    *PyExc_TypeError, *PyExc_ValueError; /* borrowed */
void PyErr_Print(void);
void PyErr_WriteUnraisable(PyObject *object);
void PyErr_FormatUnraisable(const char *format, ...);
void PyErr_SetRaisedException(PyObject *error); /* takes error */
int PyErr_SetInterruptEx(int signal_number);
int PyErr_CheckSignals(void);

/* Calls `act` soon, from where CPython looks for signals, too. -1 when too many are to be called. An exception is
 * raised there when it returns -1. */
int Py_AddPendingCall(int (*act)(void *argument), void *argument);

/* Enters and leaves what may nest without end. Raises RecursionError, and returns another number than 0, when
 * the stack is nearly used up. */
int Py_EnterRecursiveCall(const char *where);
void Py_LeaveRecursiveCall(void);

/* Lines from a terminal. The streams are `FILE *`. The result is made by PyMem_RawMalloc; it ends with a
 * newline, is empty at the end of the input, and NULL after an interrupt. The interpreter is let go of
 * meanwhile. */
extern char *(*PyOS_ReadlineFunctionPointer)(void *input, void *output, const char *prompt);
void *PyMem_RawMalloc(size_t size);
int PyGILState_Ensure(void);
void PyGILState_Release(int state);

/* What a type has in a slot, or NULL. */
void *PyType_GetSlot(PyObject *type, int slot);
enum { PY_TP_ITERNEXT = 63 };

/* Empties the cache of attributes that were found in types. */
unsigned int PyType_ClearCache(void);

/* Objects that are not counted (PEP 683). Both are CPython's own, outside of the stable ABI. The first takes
 * the reference that it is given, and gives one to the interned string. */
void PyUnicode_InternImmortal(PyObject **text);
void _Py_SetImmortalUntracked(PyObject *object);

/* The secrets of hash tables, of 24 bytes: `hash()`'s, then expat's. */
extern unsigned char _Py_HashSecret[];

/* CPython's one global structure. Only its address is used. */
extern char _PyRuntime;

#endif
