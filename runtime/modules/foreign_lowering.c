/* Values of Python as the numbers that WebAssembly passes: the common cases, in which nothing must be made. The
 * package `_ctypes` has all others, and must come to the same where both have one. */
#include "foreign.h"

#include <string.h>

static int is_int(PyObject *value) {
    return PyType_IsSubtype(((Memory *)value)->type, &PyLong_Type);
}

static int is_none(PyObject *value) {
    return value == Py_GetConstantBorrowed(PY_CONSTANT_NONE);
}

static int is_exactly(PyObject *value, PyObject *type) {
    return ((Memory *)value)->type == type;
}

static int put_integer(uint64_t value, char letter, uint64_t *slot) {
    *slot = value;
    return letter == 'i' || letter == 'l';
}

/* C cannot call the functions that only Python can: the package says so. */
static int put_address(uint32_t value, char letter, uint64_t *slot) {
    return value < FOREIGN_FIRST_OF_PYTHON && put_integer(value, letter, slot);
}

static int put_number(double value, char letter, uint64_t *slot) {
    *slot = 0;
    if (letter == 'd') {
        memcpy(slot, &value, sizeof value);
    } else if (letter == 'f') {
        float narrow = (float)value;
        memcpy(slot, &narrow, sizeof narrow);
    }
    return letter == 'd' || letter == 'f';
}

/* An integer of a simple type, whose other bits have no place. */
static int put_as(char code, uint64_t value, char letter, uint64_t *slot) {
    switch (code) {
    case 'b': return put_integer((uint64_t)(int64_t)(int8_t)value, letter, slot);
    case 'c': case 'B': case '?': return put_integer((uint8_t)value, letter, slot);
    case 'h': case 'v': return put_integer((uint64_t)(int64_t)(int16_t)value, letter, slot);
    case 'H': return put_integer((uint16_t)value, letter, slot);
    case 'i': case 'l': return put_integer((uint64_t)(int64_t)(int32_t)value, letter, slot);
    case 'I': case 'L': case 'P': case 'z': case 'Z': case 'O': case 'u': case KIND_POINTER:
        return put_address((uint32_t)value, letter, slot);
    case 'q': case 'Q': return put_integer(value, letter, slot);
    default: return 0;
    }
}

/* An instance as what it is itself. */
static int put_instance(const Memory *memory, char letter, uint64_t *slot) {
    uint64_t bits = 0;
    double wide;
    float narrow;
    switch (memory->kind) {
    case KIND_ARRAY: return put_address((uint32_t)(uintptr_t)memory->address, letter, slot);
    case KIND_OTHER: return 0;
    case 'd': memcpy(&wide, memory->address, sizeof wide); return put_number(wide, letter, slot);
    case 'f': memcpy(&narrow, memory->address, sizeof narrow); return put_number(narrow, letter, slot);
    default:
        memcpy(&bits, memory->address,
               memory->size < (Py_ssize_t)sizeof bits ? (size_t)memory->size : sizeof bits);
        return put_as(memory->kind, bits, letter, slot);
    }
}

static int put_bytes(PyObject *bytes, char letter, uint64_t *slot) {
    return put_address((uint32_t)(uintptr_t)PyBytes_AsString(bytes), letter, slot);
}

static int put_argument(const Argument *argument, char letter, uint64_t *slot) {
    int is_whole = argument->memory == NULL && argument->value != NULL && is_int(argument->value);
    return is_whole && put_address((uint32_t)PyLong_AsUnsignedLongLongMask(argument->value), letter, slot);
}

static int has_tag_of_pointer(const Argument *argument) {
    Py_ssize_t length = 0;
    const char *tag = argument->tag == NULL ? NULL : PyUnicode_AsUTF8AndSize(argument->tag, &length);
    if (tag == NULL) {
        PyErr_Clear();
    }
    return tag != NULL && length == 1 && tag[0] == 'P';
}

/* A value for a parameter whose type is not declared. */
static int put_undeclared(PyObject *value, char letter, uint64_t *slot) {
    const Memory *memory = foreign_memory_in(value);
    if (memory != NULL) {
        return put_instance(memory, letter, slot);
    }
    if (is_none(value)) {
        return put_integer(0, letter, slot);
    }
    if (is_int(value)) {
        long long number = PyLong_AsLongLong(value);
        if (number == -1 && PyErr_Occurred() != NULL) {
            PyErr_Clear();
            return 0;
        }
        int fits = number >= INT32_MIN && number < (long long)FOREIGN_FIRST_OF_PYTHON;
        return fits && put_integer((uint64_t)number, letter, slot);
    }
    if (is_exactly(value, &PyBytes_Type)) {
        return put_bytes(value, letter, slot);
    }
    const Argument *argument = foreign_argument_in(value);
    return argument != NULL && put_argument(argument, letter, slot);
}

static int put_float(char kind, PyObject *value, char letter, uint64_t *slot) {
    if (!is_exactly(value, &PyFloat_Type) && !is_int(value)) {
        return 0;
    }
    double number = PyFloat_AsDouble(value);
    if (number == -1.0 && PyErr_Occurred() != NULL) {
        PyErr_Clear();
        return 0;
    }
    return put_number(kind == 'f' ? (float)number : number, letter, slot);
}

/* Whether an array holds, or a pointer points to, instances of a type. */
static int is_of(const Memory *memory, PyObject *type) {
    if (memory->kind != KIND_ARRAY && memory->kind != KIND_POINTER) {
        return 0;
    }
    PyObject *item = PyObject_GetAttrString(memory->type, "_type_");
    if (item == NULL) {
        PyErr_Clear();
    }
    int is_same = item == type;
    Py_DecRef(item);
    return is_same;
}

static int put_pointer(PyObject *value, char letter, PyObject *declared, PyObject *pointed,
                       uint64_t *slot) {
    const Memory *memory = foreign_memory_in(value);
    if (memory != NULL && memory->type == pointed) {
        return put_address((uint32_t)(uintptr_t)memory->address, letter, slot);
    }
    if (memory != NULL) {
        int is_one = memory->type == declared || (!is_none(pointed) && is_of(memory, pointed));
        return is_one && put_instance(memory, letter, slot);
    }
    if (is_none(value)) {
        return !is_none(pointed) && put_integer(0, letter, slot);
    }
    const Argument *argument = foreign_argument_in(value);
    int is_one = argument != NULL && argument->object != NULL && is_exactly(argument->object, pointed);
    return is_one && put_argument(argument, letter, slot);
}

/* For `c_char_p` and `c_void_p`. */
static int put_text_or_address(char kind, PyObject *value, char letter, PyObject *declared, uint64_t *slot) {
    const Memory *memory = foreign_memory_in(value);
    if (memory != NULL) {
        int is_indirect = memory->kind == KIND_ARRAY || memory->kind == KIND_POINTER;
        int is_text = memory->kind == 'z' || memory->kind == 'Z';
        int is_one = memory->type == declared ||
                     (kind == 'P' ? is_indirect || is_text : is_indirect && memory->item == 'c');
        return is_one && put_instance(memory, letter, slot);
    }
    if (is_none(value)) {
        return put_integer(0, letter, slot);
    }
    if (is_exactly(value, &PyBytes_Type)) {
        return put_bytes(value, letter, slot);
    }
    if (kind != 'P') {
        return 0;
    }
    if (is_int(value)) {
        return put_address((uint32_t)PyLong_AsUnsignedLongLongMask(value), letter, slot);
    }
    const Argument *argument = foreign_argument_in(value);
    return argument != NULL && has_tag_of_pointer(argument) && put_argument(argument, letter, slot);
}

static int put_simple(char kind, PyObject *value, char letter, PyObject *declared, uint64_t *slot) {
    const Memory *memory = foreign_memory_in(value);
    if (memory != NULL && memory->type == declared) {
        return put_instance(memory, letter, slot);
    }
    if (kind == 'O') {
        /* Any object is passed as it is, but for those that hold one. */
        int is_holder = memory != NULL && memory->kind == 'O';
        return !is_holder && put_address((uint32_t)(uintptr_t)value, letter, slot);
    }
    if (memory != NULL) {
        return 0;
    }
    if (kind == 'f' || kind == 'd') {
        return put_float(kind, value, letter, slot);
    }
    if (!is_int(value)) {
        return 0;
    }
    if (kind == '?') {
        int is_true = PyObject_IsTrue(value);
        if (is_true < 0) {
            PyErr_Clear();
        }
        return is_true >= 0 && put_integer((uint64_t)is_true, letter, slot);
    }
    return put_as(kind, PyLong_AsUnsignedLongLongMask(value), letter, slot);
}

int foreign_lower(char kind, char letter, PyObject *value, PyObject *declared, PyObject *pointed,
                  uint64_t *slot) {
    switch (kind) {
    case KIND_OTHER: return put_undeclared(value, letter, slot);
    case KIND_POINTER: return put_pointer(value, letter, declared, pointed, slot);
    case 'z': case 'P': return put_text_or_address(kind, value, letter, declared, slot);
    default: return put_simple(kind, value, letter, declared, slot);
    }
}
