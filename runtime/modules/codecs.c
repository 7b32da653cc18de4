/* The module `_eryx_codecs`: streams of the codecs, and the one function that moves them on. */
#include "codec.h"

#include <stdlib.h>
#include <string.h>

#define CAPSULE "_eryx_codecs.Stream"

/* Room for output at first. It doubles: most outputs are small, and few copies make a large one. */
enum { FIRST_ROOM = 16 << 10 };

static void capsule_close(PyObject *capsule) {
    Stream *stream = PyCapsule_GetPointer(capsule, CAPSULE);
    stream->close(stream);
}

PyObject *stream_wrap(Stream *stream) {
    if (stream == NULL) {
        return NULL;
    }
    PyObject *capsule = PyCapsule_New(stream, CAPSULE, capsule_close);
    if (capsule == NULL) {
        stream->close(stream);
    }
    return capsule;
}

Stream *stream_of(PyObject *capsule, Step (*step)(Stream *, Window *, int)) {
    Stream *stream = PyCapsule_GetPointer(capsule, CAPSULE);
    if (stream != NULL && step != NULL && stream->step != step) {
        PyErr_SetString(PyExc_TypeError, "this stream is of another codec");
        return NULL;
    }
    return stream;
}

void *codec_allocate(size_t size) {
    void *memory = calloc(1, size);
    if (memory == NULL) {
        PyErr_NoMemory();
    }
    return memory;
}

PyObject *codec_none(void) {
    PyObject *none = Py_GetConstantBorrowed(PY_CONSTANT_NONE);
    Py_IncRef(none);
    return none;
}

/* Makes more room, up to `limit` bytes in all. False with an exception set when there is no memory. */
static bool grow(uint8_t **room, size_t *size, size_t limit) {
    size_t larger = *size == 0 ? FIRST_ROOM : *size > SIZE_MAX / 2 ? SIZE_MAX : *size * 2;
    if (larger > limit) {
        larger = limit;
    }
    uint8_t *moved = realloc(*room, larger);
    if (moved == NULL) {
        PyErr_NoMemory();
        return false;
    }
    *room = moved;
    *size = larger;
    return true;
}

/* Moves a stream on until its input is used up, `limit` bytes came out, or it is done. A step is made
 * even when nothing may come out: what has no content ends without any. */
static Step drive(Stream *stream, Window *window, int action, size_t limit, uint8_t **room,
                  size_t *size) {
    for (;;) {
        size_t used = *size;
        if (window->output_left == 0 && used < limit) {
            if (!grow(room, size, limit)) {
                return STEP_FAILED;
            }
            window->output = *room + used;
            window->output_left = *size - used;
        }
        Step step = stream->step(stream, window, action);
        bool is_hungry = window->input_left == 0 && window->output_left != 0;
        bool is_full = window->output_left == 0 && *size >= limit;
        if (step != STEP_MORE || is_hungry || is_full) {
            return step;
        }
        if (PyErr_CheckSignals() != 0) {
            return STEP_FAILED;
        }
    }
}

/* run(stream, data, offset, limit, action) -> (output, offset, done, full)
 *
 * Takes bytes from `offset` on and returns where it stopped. A negative limit is none. */
static PyObject *codecs_run(PyObject *self, PyObject *arguments) {
    (void)self;
    PyObject *capsule = NULL;
    Py_buffer data;
    Py_ssize_t offset = 0;
    Py_ssize_t limit = 0;
    int action = 0;
    if (!PyArg_ParseTuple(arguments, "Oy*nni", &capsule, &data, &offset, &limit, &action)) {
        return NULL;
    }
    PyObject *result = NULL;
    uint8_t *room = NULL;
    size_t size = 0;
    Stream *stream = stream_of(capsule, NULL);
    if (stream != NULL && (offset < 0 || offset > data.len)) {
        PyErr_SetString(PyExc_ValueError, "the offset is outside of the data");
    } else if (stream != NULL) {
        uint8_t nowhere;
        Window window = {(const uint8_t *)data.buf + offset, (size_t)(data.len - offset), &nowhere, 0};
        size_t most = limit < 0 ? PY_SSIZE_T_MAX : (size_t)limit;
        Step step = drive(stream, &window, action, most, &room, &size);
        if (step != STEP_FAILED) {
            size_t produced = size - window.output_left;
            result = Py_BuildValue("y#nii", room == NULL ? "" : (const char *)room,
                                   (Py_ssize_t)produced, data.len - (Py_ssize_t)window.input_left,
                                   step == STEP_DONE, window.output_left == 0);
        }
    }
    free(room);
    PyBuffer_Release(&data);
    return result;
}

bool module_add_functions(PyObject *module, PyMethodDef *functions) {
    return PyModule_AddFunctions(module, functions) == 0;
}

bool module_add_integers(PyObject *module, const Integer *integers) {
    for (; integers->name != NULL; integers++) {
        PyObject *value = PyLong_FromLongLong(integers->value);
        int added = PyModule_AddObjectRef(module, integers->name, value);
        Py_DecRef(value);
        if (added != 0) {
            return false;
        }
    }
    return true;
}

static PyMethodDef functions[] = {
    {"run", codecs_run, METH_VARARGS, "Move a stream on."},
    {NULL, NULL, 0, NULL},
};

static int execute(PyObject *module) {
    bool complete = module_add_functions(module, functions) && bzip2_add(module) && xz_add(module) &&
                    zstandard_add(module) && zstandard_dictionary_add(module);
    return complete ? 0 : -1;
}

static PyModuleDef_Slot slots[] = {
    {PY_MOD_EXEC, execute},
    {0, NULL},
};

static PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "_eryx_codecs",
    .m_doc = "Streams of bzip2, liblzma and zstd.",
    .m_slots = slots,
};

PyObject *eryx_codecs_module(void) {
    return PyModuleDef_Init(&definition);
}
