/* The type of functions. What a call needs is worked out once, in Python, and kept as a plan: how each argument
 * is passed, which signature is called, what the result becomes. A call that fits its plan is made here, so that
 * what a function says of its caller is true; every other one by the method `_eryx_call` in Python. */
#include "foreign.h"

#include <string.h>

enum {
    /* A function with more parameters has no plan. */
    MAX_PARAMETERS = 16,
    RESULT_NONE = '0',
    /* The result is made by a function of Python, of the address where it lies. */
    RESULT_MADE = '*',
    /* The number of a function that is Python itself. */
    SIGNATURE_OF_PYTHON = -1,
};

enum { STATE_UNKNOWN, STATE_PLANNED, STATE_WITHOUT_PLAN };

typedef struct Plan {
    uintptr_t address;
    int32_t signature;
    int keeps_errno;
    int raises;
    int count;
    char kinds[MAX_PARAMETERS];
    char letters[MAX_PARAMETERS];
    char result;
    char result_letter;
} Plan;

typedef struct Function {
    Memory memory;
    /* What was set for the instance itself, by Python; NULL when its class counts. */
    PyObject *restype;
    PyObject *argtypes;
    PyObject *converters;
    PyObject *errcheck;
    PyObject *paramflags;
    /* Types of the parameters, then what those point to; and what makes the result. */
    PyObject *types;
    PyObject *make_result;
    int state;
    Plan plan;
} Function;

static PyObject *function_type;

enum { HELD = 7 };

static PyObject **held(PyObject *self, size_t index) {
    Function *function = (Function *)self;
    PyObject **const all[] = {&function->restype,  &function->argtypes,   &function->converters,
                              &function->errcheck, &function->paramflags, &function->types,
                              &function->make_result};
    return all[index];
}

static int function_traverse(PyObject *self, visitproc visit, void *argument) {
    int status = foreign_memory_traverse(self, visit, argument);
    for (size_t index = 0; status == 0 && index < HELD; index++) {
        PyObject *object = *held(self, index);
        status = object == NULL ? 0 : visit(object, argument);
    }
    return status;
}

static void let_go(PyObject **place) {
    PyObject *object = *place;
    *place = NULL;
    Py_DecRef(object);
}

static int function_clear(PyObject *self) {
    ((Function *)self)->state = STATE_UNKNOWN;
    for (size_t index = 0; index < HELD; index++) {
        let_go(held(self, index));
    }
    return foreign_memory_clear(self);
}

static void function_dealloc(PyObject *self) {
    PyObject_GC_UnTrack(self);
    for (size_t index = 0; index < HELD; index++) {
        let_go(held(self, index));
    }
    foreign_memory_dealloc(self);
}

/* The address that lies in it. */
static uintptr_t address_in(const Function *function) {
    uint32_t address = 0;
    if (function->memory.size >= (Py_ssize_t)sizeof address) {
        memcpy(&address, function->memory.address, sizeof address);
    }
    return address;
}

/* Whether all arguments are among the common cases. */
static int lower_all(const Function *function, PyObject *arguments, uint64_t *slots) {
    const Plan *plan = &function->plan;
    if (PyTuple_Size(arguments) != plan->count) {
        return 0;
    }
    for (Py_ssize_t index = 0; index < plan->count; index++) {
        PyObject *value = PyTuple_GetItem(arguments, index);
        PyObject *declared = PyTuple_GetItem(function->types, index);
        PyObject *pointed = PyTuple_GetItem(function->types, plan->count + index);
        if (!foreign_lower(plan->kinds[index], plan->letters[index], value, declared, pointed,
                           &slots[index])) {
            return 0;
        }
    }
    return 1;
}

static PyObject *none(void) {
    PyObject *object = Py_GetConstantBorrowed(PY_CONSTANT_NONE);
    Py_IncRef(object);
    return object;
}

/* What the result is in Python. */
static PyObject *made(const Plan *plan, PyObject *make_result, uint64_t *result) {
    const char *address = (const char *)(uintptr_t)*result;
    float narrow;
    double wide;
    switch (plan->result) {
    case RESULT_NONE: return none();
    case RESULT_MADE: {
        PyObject *place = PyLong_FromUnsignedLong((uintptr_t)result);
        PyObject *parts = place == NULL ? NULL : PyTuple_New(1);
        if (parts == NULL) {
            Py_DecRef(place);
            return NULL;
        }
        (void)PyTuple_SetItem(parts, 0, place);
        PyObject *object = PyObject_CallObject(make_result, parts);
        Py_DecRef(parts);
        return object;
    }
    case 'z':
        return address == NULL ? none() : PyBytes_FromStringAndSize(address, (Py_ssize_t)strlen(address));
    case 'P': return address == NULL ? none() : PyLong_FromUnsignedLong((uintptr_t)address);
    case 'c': return PyBytes_FromStringAndSize((const char *)result, 1);
    case 'O':
        if (address == NULL) {
            PyErr_SetString(PyExc_ValueError, "PyObject is NULL");
        }
        /* The function gave a reference. */
        return (PyObject *)(uintptr_t)address;
    case 'f':
        if (plan->result_letter == 'd') {
            /* The caller says another width than the function has. */
            memcpy(&wide, result, sizeof wide);
            return PyFloat_FromDouble((float)wide);
        }
        break;
    case 'd':
        if (plan->result_letter == 'f') {
            memcpy(&narrow, result, sizeof narrow);
            return PyFloat_FromDouble(narrow);
        }
        break;
    default: break;
    }
    return foreign_load(plan->result, result, 0);
}

/* Calls a function of Python behind an address: objects as they are, and all else as integers. */
static PyObject *call_python(const Plan *plan, PyObject *callable, const uint64_t *slots) {
    PyObject *arguments = PyTuple_New(plan->count);
    for (Py_ssize_t index = 0; arguments != NULL && index < plan->count; index++) {
        PyObject *object = (PyObject *)(uintptr_t)slots[index];
        if (plan->kinds[index] == 'O' && object != NULL) {
            Py_IncRef(object);
        } else {
            object = PyLong_FromLongLong((long long)slots[index]);
        }
        if (object == NULL || PyTuple_SetItem(arguments, index, object) != 0) {
            Py_DecRef(arguments);
            arguments = NULL;
        }
    }
    PyObject *result = arguments == NULL ? NULL : PyObject_CallObject(callable, arguments);
    Py_DecRef(arguments);
    return result;
}

/* A call that fits the plan. Anything may happen to the function meanwhile: what is needed later is copied. */
static PyObject *call_planned(Function *function, uint64_t *slots) {
    Plan plan = function->plan;
    PyObject *make_result = function->make_result;
    PyObject *object = NULL;
    Py_IncRef(make_result);
    if (plan.signature == SIGNATURE_OF_PYTHON) {
        object = call_python(&plan, make_result, slots);
    } else {
        uint64_t result = foreign_call(plan.signature, plan.address, slots, plan.keeps_errno);
        int has_failed = plan.raises && PyErr_Occurred() != NULL;
        object = has_failed ? NULL : made(&plan, make_result, &result);
    }
    Py_DecRef(make_result);
    return object;
}

/* Calls a method of the function that Python has. */
static PyObject *call_method(PyObject *self, const char *name, PyObject *arguments, PyObject *keywords) {
    PyObject *method = PyObject_GetAttrString(self, name);
    PyObject *object = method == NULL ? NULL : PyObject_Call(method, arguments, keywords);
    Py_DecRef(method);
    return object;
}

/* Sees to it that the plan is one of what the function is now. */
static int prepare(PyObject *self) {
    Function *function = (Function *)self;
    if (function->state == STATE_PLANNED && function->plan.address != address_in(function)) {
        function->state = STATE_UNKNOWN;
    }
    if (function->state != STATE_UNKNOWN) {
        return 1;
    }
    PyObject *nothing = PyTuple_New(0);
    PyObject *object = nothing == NULL ? NULL : call_method(self, "_eryx_prepare", nothing, NULL);
    Py_DecRef(nothing);
    Py_DecRef(object);
    return object != NULL;
}

static PyObject *function_call(PyObject *self, PyObject *arguments, PyObject *keywords) {
    Function *function = (Function *)self;
    if (!prepare(self)) {
        return NULL;
    }
    if (function->state == STATE_PLANNED && keywords == NULL) {
        uint64_t slots[MAX_PARAMETERS];
        if (lower_all(function, arguments, slots)) {
            return call_planned(function, slots);
        }
    }
    return call_method(self, "_eryx_call", arguments, keywords);
}

static PyMemberDef members[] = {
    {"_eryx_restype", Py_T_OBJECT_EX, offsetof(Function, restype), 0, NULL},
    {"_eryx_argtypes", Py_T_OBJECT_EX, offsetof(Function, argtypes), 0, NULL},
    {"_eryx_converters", Py_T_OBJECT_EX, offsetof(Function, converters), 0, NULL},
    {"_eryx_errcheck", Py_T_OBJECT_EX, offsetof(Function, errcheck), 0, NULL},
    {"_eryx_paramflags", Py_T_OBJECT_EX, offsetof(Function, paramflags), 0, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_call, function_call},
    {Py_tp_dealloc, function_dealloc},
    {Py_tp_traverse, function_traverse},
    {Py_tp_clear, function_clear},
    {Py_tp_members, members},
    {0, NULL},
};

static PyType_Spec spec = {
    .name = "_ctypes.CFuncPtr",
    .basicsize = sizeof(Function),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = slots,
};

/* function_type(metaclass, base): the type of functions */
static PyObject *make_function_type(PyObject *self, PyObject *arguments) {
    (void)self;
    PyObject *metaclass = NULL;
    PyObject *base = NULL;
    if (!PyArg_ParseTuple(arguments, "OO", &metaclass, &base)) {
        return NULL;
    }
    if (function_type == NULL) {
        function_type = PyType_FromMetaclass(metaclass, NULL, &spec, base);
    }
    Py_IncRef(function_type);
    return function_type;
}

static Function *function_of(PyObject *object) {
    if (function_type != NULL && PyType_IsSubtype(((Memory *)object)->type, function_type)) {
        return (Function *)object;
    }
    PyErr_SetString(PyExc_TypeError, "expected a function of ctypes");
    return NULL;
}

/* plan(function, address, signature, keeps_errno, raises, kinds, letters, types, result, letter, make_result) */
static PyObject *set_plan(PyObject *self, PyObject *arguments) {
    (void)self;
    PyObject *object = NULL;
    unsigned long address = 0;
    Plan plan = {0};
    const char *kinds = NULL;
    const char *letters = NULL;
    PyObject *types = NULL;
    int result = 0;
    int result_letter = 0;
    PyObject *make_result = NULL;
    if (!PyArg_ParseTuple(arguments, "OkippssOCCO", &object, &address, &plan.signature, &plan.keeps_errno,
                          &plan.raises, &kinds, &letters, &types, &result, &result_letter,
                          &make_result)) {
        return NULL;
    }
    Function *function = function_of(object);
    if (function == NULL) {
        return NULL;
    }
    size_t count = strlen(kinds);
    if (count > MAX_PARAMETERS || strlen(letters) != count ||
        PyTuple_Size(types) != 2 * (Py_ssize_t)count) {
        if (PyErr_Occurred() == NULL) {
            PyErr_SetString(PyExc_ValueError, "the plan is not one of the function");
        }
        return NULL;
    }
    plan.address = address;
    plan.count = (int)count;
    memcpy(plan.kinds, kinds, count);
    memcpy(plan.letters, letters, count);
    plan.result = (char)result;
    plan.result_letter = (char)result_letter;
    Py_IncRef(types);
    Py_IncRef(make_result);
    PyObject *before[] = {function->types, function->make_result};
    function->types = types;
    function->make_result = make_result;
    function->plan = plan;
    function->state = STATE_PLANNED;
    Py_DecRef(before[0]);
    Py_DecRef(before[1]);
    return none();
}

static PyObject *set_state(PyObject *object, int state) {
    Function *function = function_of(object);
    if (function == NULL) {
        return NULL;
    }
    function->state = state;
    return none();
}

/* no_plan(function): there is none, until something is set */
static PyObject *no_plan(PyObject *self, PyObject *object) {
    (void)self;
    return set_state(object, STATE_WITHOUT_PLAN);
}

/* forget_plan(function): something was set that a plan depends on */
static PyObject *forget_plan(PyObject *self, PyObject *object) {
    (void)self;
    return set_state(object, STATE_UNKNOWN);
}

PyMethodDef foreign_function_functions[] = {
    {"function_type", make_function_type, METH_VARARGS, NULL},
    {"plan", set_plan, METH_VARARGS, NULL},
    {"no_plan", no_plan, METH_O, NULL},
    {"forget_plan", forget_plan, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
