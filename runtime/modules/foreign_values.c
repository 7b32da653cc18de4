/* Values of C at addresses: read, and written with the overflow that C has. Addresses that are not aligned
 * are as good as others. */
#include "foreign.h"

#include <string.h>
#include <wchar.h>

/* The bytes of a value in the order of the machine, or in the other one. */
static void copy(void *to, const void *from, size_t size, int is_swapped) {
    if (!is_swapped) {
        memcpy(to, from, size);
        return;
    }
    for (size_t index = 0; index < size; index++) {
        ((char *)to)[index] = ((const char *)from)[size - 1 - index];
    }
}

/* `long double` of WebAssembly (IEEE 754's binary128). The compiler calls functions for it that no library of
 * the sandbox offers to others. */
typedef struct Quad {
    uint64_t low;
    uint64_t high;
} Quad;

enum {
    DOUBLE_FRACTION = 52,
    DOUBLE_EXPONENT = 0x7ff,
    DOUBLE_BIAS = 1023,
    QUAD_HIGH_FRACTION = 48,
    QUAD_EXPONENT = 0x7fff,
    QUAD_BIAS = 16383,
    /* How many bits of a fraction lie in the low half only. */
    LOW_ONLY = 60,
};

/* The same number: every double is one. */
static Quad to_quad(double number) {
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    uint64_t sign = bits >> 63 << 63;
    int exponent = (int)(bits >> DOUBLE_FRACTION) & DOUBLE_EXPONENT;
    uint64_t fraction = bits & (((uint64_t)1 << DOUBLE_FRACTION) - 1);
    if (exponent == 0 && fraction == 0) {
        return (Quad){0, sign};
    }
    if (exponent == DOUBLE_EXPONENT) {
        exponent = QUAD_EXPONENT;
    } else {
        if (exponent == 0) {
            /* What is too small for a double's exponent has one of its own here. */
            int shift = __builtin_clzll(fraction) - (63 - DOUBLE_FRACTION);
            fraction = fraction << shift & (((uint64_t)1 << DOUBLE_FRACTION) - 1);
            exponent = 1 - shift;
        }
        exponent += QUAD_BIAS - DOUBLE_BIAS;
    }
    return (Quad){fraction << LOW_ONLY,
                  sign | (uint64_t)exponent << QUAD_HIGH_FRACTION |
                      fraction >> (64 - LOW_ONLY)};
}

/* The nearest double, and of two the one whose last bit is zero. */
static double from_quad(Quad quad) {
    uint64_t sign = quad.high >> 63 << 63;
    int exponent = (int)(quad.high >> QUAD_HIGH_FRACTION) & QUAD_EXPONENT;
    uint64_t high = quad.high & (((uint64_t)1 << QUAD_HIGH_FRACTION) - 1);
    uint64_t fraction = high << (64 - LOW_ONLY) | quad.low >> LOW_ONLY;
    uint64_t rest = quad.low << (64 - LOW_ONLY);
    uint64_t bits;
    exponent -= QUAD_BIAS - DOUBLE_BIAS;
    if (exponent == QUAD_EXPONENT - (QUAD_BIAS - DOUBLE_BIAS)) {
        bits = (uint64_t)DOUBLE_EXPONENT << DOUBLE_FRACTION | fraction |
               (uint64_t)(rest != 0 && fraction == 0);
    } else if (exponent >= DOUBLE_EXPONENT) {
        bits = (uint64_t)DOUBLE_EXPONENT << DOUBLE_FRACTION;
    } else if (exponent < -DOUBLE_FRACTION) {
        bits = 0;
    } else {
        if (exponent <= 0) {
            int shift = 1 - exponent;
            uint64_t whole = fraction | (uint64_t)1 << DOUBLE_FRACTION;
            rest = whole << (64 - shift) | (uint64_t)(rest != 0);
            fraction = whole >> shift;
            exponent = 0;
        }
        bits = (uint64_t)exponent << DOUBLE_FRACTION | fraction;
        uint64_t half = (uint64_t)1 << 63;
        bits += (uint64_t)(rest > half || (rest == half && (bits & 1) != 0));
    }
    bits |= sign;
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static PyObject *unknown(int code) {
    return PyErr_Format(PyExc_ValueError, "there is no C type '%c'", code);
}

/* How many bytes a value takes; 0 when the code is none. */
static size_t size_of(int code) {
    switch (code) {
    case 'b': case 'B': case '?': return 1;
    case 'h': case 'H': return 2;
    case 'i': case 'I': case 'l': case 'L': case 'P': case 'f': return 4;
    case 'q': case 'Q': case 'd': return 8;
    case 'g': return sizeof(Quad);
    default: return 0;
    }
}

PyObject *foreign_load(int code, const void *address, int is_swapped) {
    union {
        uint8_t u8;
        int8_t s8;
        uint16_t u16;
        int16_t s16;
        uint32_t u32;
        int32_t s32;
        uint64_t u64;
        int64_t s64;
        float f;
        double d;
        Quad g;
    } value;
    size_t size = size_of(code);
    if (size == 0) {
        return unknown(code);
    }
    copy(&value, address, size, is_swapped);
    switch (code) {
    case 'b': return PyLong_FromLong(value.s8);
    case 'B': return PyLong_FromLong(value.u8);
    case '?': return PyBool_FromLong(value.u8 != 0);
    case 'h': return PyLong_FromLong(value.s16);
    case 'H': return PyLong_FromLong(value.u16);
    case 'i': case 'l': return PyLong_FromLong(value.s32);
    case 'I': case 'L': case 'P': return PyLong_FromUnsignedLong(value.u32);
    case 'q': return PyLong_FromLongLong(value.s64);
    case 'Q': return PyLong_FromUnsignedLongLong(value.u64);
    case 'f': return PyFloat_FromDouble(value.f);
    case 'd': return PyFloat_FromDouble(value.d);
    default: return PyFloat_FromDouble(from_quad(value.g));
    }
}

/* load(code, address, swapped) -> int | float */
static PyObject *load(PyObject *self, PyObject *arguments) {
    (void)self;
    int code = 0;
    unsigned long address = 0;
    int is_swapped = 0;
    if (!PyArg_ParseTuple(arguments, "Ckp", &code, &address, &is_swapped)) {
        return NULL;
    }
    return foreign_load(code, (const void *)address, is_swapped);
}

/* store(code, address, swapped, value): integers lose the bits that have no place */
static PyObject *store(PyObject *self, PyObject *arguments) {
    (void)self;
    int code = 0;
    unsigned long address = 0;
    int is_swapped = 0;
    PyObject *object = NULL;
    if (!PyArg_ParseTuple(arguments, "CkpO", &code, &address, &is_swapped, &object)) {
        return NULL;
    }
    union {
        uint8_t truth;
        uint64_t integer;
        float f;
        double d;
        Quad g;
    } value;
    memset(&value, 0, sizeof value);
    size_t size = size_of(code);
    switch (code) {
    case '?': value.truth = PyObject_IsTrue(object) > 0; break;
    case 'f': value.f = (float)PyFloat_AsDouble(object); break;
    case 'd': value.d = PyFloat_AsDouble(object); break;
    case 'g': value.g = to_quad(PyFloat_AsDouble(object)); break;
    default: value.integer = PyLong_AsUnsignedLongLongMask(object); break;
    }
    if (PyErr_Occurred() != NULL) {
        return NULL;
    }
    if (size == 0) {
        return unknown(code);
    }
    copy((void *)address, &value, size, is_swapped);
    return Py_BuildValue("");
}

/* read(address, size) -> bytes; up to the first zero when the size is negative */
static PyObject *read(PyObject *self, PyObject *arguments) {
    (void)self;
    unsigned long address = 0;
    Py_ssize_t size = 0;
    if (!PyArg_ParseTuple(arguments, "kn", &address, &size)) {
        return NULL;
    }
    const char *bytes = (const char *)address;
    return PyBytes_FromStringAndSize(bytes, size < 0 ? (Py_ssize_t)strlen(bytes) : size);
}

/* write(address, bytes) */
static PyObject *write(PyObject *self, PyObject *arguments) {
    (void)self;
    unsigned long address = 0;
    Py_buffer bytes;
    if (!PyArg_ParseTuple(arguments, "ky*", &address, &bytes)) {
        return NULL;
    }
    memmove((void *)address, bytes.buf, (size_t)bytes.len);
    PyBuffer_Release(&bytes);
    return Py_BuildValue("");
}

/* copy(to, from, size) */
static PyObject *copy_bytes(PyObject *self, PyObject *arguments) {
    (void)self;
    unsigned long to = 0;
    unsigned long from = 0;
    Py_ssize_t size = 0;
    if (!PyArg_ParseTuple(arguments, "kkn", &to, &from, &size)) {
        return NULL;
    }
    memmove((void *)to, (const void *)from, size > 0 ? (size_t)size : 0);
    return Py_BuildValue("");
}

/* read_wide(address, length) -> str; up to the first zero when the length is negative */
static PyObject *read_wide(PyObject *self, PyObject *arguments) {
    (void)self;
    unsigned long address = 0;
    Py_ssize_t length = 0;
    if (!PyArg_ParseTuple(arguments, "kn", &address, &length)) {
        return NULL;
    }
    const wchar_t *text = (const wchar_t *)address;
    return PyUnicode_FromWideChar(text, length < 0 ? (Py_ssize_t)wcslen(text) : length);
}

/* write_wide(address, text, length): at most so many characters, a zero behind the last one if it fits */
static PyObject *write_wide(PyObject *self, PyObject *arguments) {
    (void)self;
    unsigned long address = 0;
    PyObject *text = NULL;
    Py_ssize_t length = 0;
    if (!PyArg_ParseTuple(arguments, "kOn", &address, &text, &length)) {
        return NULL;
    }
    if (PyUnicode_AsWideChar(text, (wchar_t *)address, length) < 0) {
        return NULL;
    }
    return Py_BuildValue("");
}

/* object_at(address) -> the object of Python that lies there */
static PyObject *object_at(PyObject *self, PyObject *arguments) {
    (void)self;
    unsigned long address = 0;
    if (!PyArg_ParseTuple(arguments, "k", &address)) {
        return NULL;
    }
    if (address == 0) {
        PyErr_SetString(PyExc_ValueError, "PyObject is NULL");
        return NULL;
    }
    PyObject *object = (PyObject *)address;
    Py_IncRef(object);
    return object;
}

static PyObject *increment(PyObject *self, PyObject *object) {
    (void)self;
    Py_IncRef(object);
    Py_IncRef(object);
    return object;
}

static PyObject *decrement(PyObject *self, PyObject *object) {
    (void)self;
    /* The caller holds a reference of its own. */
    Py_DecRef(object);
    Py_IncRef(object);
    return object;
}

PyMethodDef foreign_value_functions[] = {
    {"load", load, METH_VARARGS, NULL},
    {"store", store, METH_VARARGS, NULL},
    {"read", read, METH_VARARGS, NULL},
    {"write", write, METH_VARARGS, NULL},
    {"copy", copy_bytes, METH_VARARGS, NULL},
    {"read_wide", read_wide, METH_VARARGS, NULL},
    {"write_wide", write_wide, METH_VARARGS, NULL},
    {"object_at", object_at, METH_VARARGS, NULL},
    {"increment", increment, METH_O, NULL},
    {"decrement", decrement, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
