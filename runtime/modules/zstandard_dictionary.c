/* Dictionaries of zstd: using, digesting and training them; and what the header of a frame says. */
#include "zstandard.h"

#include <stdlib.h>
#include <zdict.h>

/* How a dictionary is used, as `_zstd` numbers it. */
enum { KIND_DIGESTED, KIND_UNDIGESTED, KIND_PREFIX };

#define COMPRESSION_CAPSULE "_eryx_codecs.CompressionDictionary"
#define DECOMPRESSION_CAPSULE "_eryx_codecs.DecompressionDictionary"

static void close_compression(PyObject *capsule) {
    ZSTD_freeCDict(PyCapsule_GetPointer(capsule, COMPRESSION_CAPSULE));
}

static void close_decompression(PyObject *capsule) {
    ZSTD_freeDDict(PyCapsule_GetPointer(capsule, DECOMPRESSION_CAPSULE));
}

bool zstandard_compress_with(ZSTD_CCtx *context, int kind, PyObject *dictionary) {
    size_t status = 0;
    if (kind == KIND_DIGESTED) {
        ZSTD_CDict *digested = PyCapsule_GetPointer(dictionary, COMPRESSION_CAPSULE);
        if (digested == NULL) {
            return false;
        }
        status = ZSTD_CCtx_refCDict(context, digested);
    } else {
        const char *bytes = PyBytes_AsString(dictionary);
        if (bytes == NULL) {
            return false;
        }
        size_t size = (size_t)PyBytes_Size(dictionary);
        status = kind == KIND_PREFIX ? ZSTD_CCtx_refPrefix(context, bytes, size)
                                     : ZSTD_CCtx_loadDictionary(context, bytes, size);
    }
    return zstandard_check("Unable to load Zstandard dictionary or prefix for compression", status);
}

bool zstandard_decompress_with(ZSTD_DCtx *context, int kind, PyObject *dictionary) {
    size_t status = 0;
    if (kind == KIND_DIGESTED) {
        ZSTD_DDict *digested = PyCapsule_GetPointer(dictionary, DECOMPRESSION_CAPSULE);
        if (digested == NULL) {
            return false;
        }
        status = ZSTD_DCtx_refDDict(context, digested);
    } else {
        const char *bytes = PyBytes_AsString(dictionary);
        if (bytes == NULL) {
            return false;
        }
        size_t size = (size_t)PyBytes_Size(dictionary);
        status = kind == KIND_PREFIX ? ZSTD_DCtx_refPrefix(context, bytes, size)
                                     : ZSTD_DCtx_loadDictionary(context, bytes, size);
    }
    return zstandard_check("Unable to load Zstandard dictionary or prefix for decompression", status);
}

/* zstandard_digest(content, is_compressor, level) -> a digested dictionary, for many streams */
static PyObject *digest(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer content;
    int is_compressor = 0;
    int level = 0;
    if (!PyArg_ParseTuple(arguments, "y*pi", &content, &is_compressor, &level)) {
        return NULL;
    }
    size_t size = (size_t)content.len;
    void *digested = is_compressor ? (void *)ZSTD_createCDict(content.buf, size, level)
                                   : (void *)ZSTD_createDDict(content.buf, size);
    PyBuffer_Release(&content);
    if (digested == NULL) {
        PyErr_SetString(zstandard_error,
                        "the dictionary cannot be digested");
        return NULL;
    }
    PyObject *capsule = PyCapsule_New(digested, is_compressor ? COMPRESSION_CAPSULE : DECOMPRESSION_CAPSULE,
                                      is_compressor ? close_compression : close_decompression);
    if (capsule == NULL && is_compressor) {
        ZSTD_freeCDict(digested);
    } else if (capsule == NULL) {
        ZSTD_freeDDict(digested);
    }
    return capsule;
}

/* The sizes of samples, which `free` takes back; NULL with an exception set when a size is wrong. */
static size_t *sample_sizes(PyObject *sizes, Py_ssize_t total) {
    Py_ssize_t count = PyTuple_Size(sizes);
    if (count < 0 || (size_t)count >= UINT32_MAX / sizeof(size_t)) {
        PyErr_SetString(PyExc_ValueError, "there are too many samples");
        return NULL;
    }
    size_t *array = codec_allocate((size_t)(count + 1) * sizeof *array);
    Py_ssize_t left = total;
    for (Py_ssize_t index = 0; array != NULL && index < count && left >= 0; index++) {
        Py_ssize_t size = PyLong_AsSsize_t(PyTuple_GetItem(sizes, index));
        if (size == -1 && PyErr_Occurred() != NULL) {
            if (PyErr_ExceptionMatches(PyExc_TypeError)) {
                free(array);
                return NULL;
            }
            PyErr_Clear();
        }
        array[index] = (size_t)size;
        left = size < 0 || size > left ? -1 : left - size;
    }
    if (array != NULL && left != 0) {
        free(array);
        PyErr_SetString(PyExc_ValueError,
                        "The samples size tuple doesn't match the concatenation's size");
        return NULL;
    }
    return array;
}

/* Bytes of a result of `ZDICT_*` in `room`, or NULL with an exception that says what failed. */
static PyObject *dictionary_from(const char *room, size_t size, const char *what) {
    if (ZDICT_isError(size)) {
        PyErr_Format(zstandard_error, "%s: %s", what, ZDICT_getErrorName(size));
        return NULL;
    }
    return PyBytes_FromStringAndSize(room, (Py_ssize_t)size);
}

/* zstandard_train(samples, sizes, size) -> the content of a dictionary */
static PyObject *train(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer samples;
    PyObject *sizes = NULL;
    Py_ssize_t size = 0;
    if (!PyArg_ParseTuple(arguments, "y*On", &samples, &sizes, &size)) {
        return NULL;
    }
    PyObject *trained = NULL;
    size_t *array = sample_sizes(sizes, samples.len);
    char *room = array == NULL ? NULL : codec_allocate((size_t)size);
    if (room != NULL) {
        size_t length = ZDICT_trainFromBuffer(room, (size_t)size, samples.buf, array,
                                              (unsigned)PyTuple_Size(sizes));
        trained = dictionary_from(room, length, "Unable to train the Zstandard dictionary");
    }
    free(room);
    free(array);
    PyBuffer_Release(&samples);
    return trained;
}

/* zstandard_finalize(content, samples, sizes, size, level) -> the content of a dictionary */
static PyObject *finalize(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer content;
    Py_buffer samples;
    PyObject *sizes = NULL;
    Py_ssize_t size = 0;
    int level = 0;
    if (!PyArg_ParseTuple(arguments, "y*y*Oni", &content, &samples, &sizes, &size, &level)) {
        return NULL;
    }
    PyObject *finalized = NULL;
    size_t *array = sample_sizes(sizes, samples.len);
    char *room = array == NULL ? NULL : codec_allocate((size_t)size);
    if (room != NULL) {
        ZDICT_params_t parameters = {.compressionLevel = level};
        size_t length =
            ZDICT_finalizeDictionary(room, (size_t)size, content.buf, (size_t)content.len, samples.buf,
                                     array, (unsigned)PyTuple_Size(sizes), parameters);
        finalized = dictionary_from(room, length, "Unable to finalize the Zstandard dictionary");
    }
    free(room);
    free(array);
    PyBuffer_Release(&samples);
    PyBuffer_Release(&content);
    return finalized;
}

/* zstandard_dictionary_id(content) -> int, 0 for a dictionary without one */
static PyObject *dictionary_id(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer content;
    if (!PyArg_ParseTuple(arguments, "y*", &content)) {
        return NULL;
    }
    unsigned id = ZSTD_getDictID_fromDict(content.buf, (size_t)content.len);
    PyBuffer_Release(&content);
    return PyLong_FromLongLong(id);
}

/* zstandard_frame_info(bytes) -> (decompressed size or None, dictionary id) */
static PyObject *frame_info(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer frame;
    if (!PyArg_ParseTuple(arguments, "y*", &frame)) {
        return NULL;
    }
    unsigned long long size = ZSTD_getFrameContentSize(frame.buf, (size_t)frame.len);
    unsigned id = ZSTD_getDictID_fromFrame(frame.buf, (size_t)frame.len);
    PyBuffer_Release(&frame);
    if (size == ZSTD_CONTENTSIZE_ERROR) {
        PyErr_SetString(zstandard_error,
                        "the header cannot be read: the bytes must start with a frame and be not less "
                        "than the frame header");
        return NULL;
    }
    if (size == ZSTD_CONTENTSIZE_UNKNOWN) {
        return Py_BuildValue("OI", Py_GetConstantBorrowed(PY_CONSTANT_NONE), id);
    }
    return Py_BuildValue("KI", size, id);
}

/* zstandard_frame_size(bytes) -> int */
static PyObject *frame_size(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer frame;
    if (!PyArg_ParseTuple(arguments, "y*", &frame)) {
        return NULL;
    }
    size_t size = ZSTD_findFrameCompressedSize(frame.buf, (size_t)frame.len);
    PyBuffer_Release(&frame);
    if (ZSTD_isError(size)) {
        PyErr_Format(zstandard_error,
                     "the size of the frame cannot be told (%s): the bytes must start with a frame and "
                     "be not less than this complete frame",
                     ZSTD_getErrorName(size));
        return NULL;
    }
    return PyLong_FromLongLong((long long)size);
}

bool zstandard_dictionary_add(PyObject *module) {
    static PyMethodDef functions[] = {
        {"zstandard_digest", digest, METH_VARARGS, "Digest a dictionary."},
        {"zstandard_train", train, METH_VARARGS, "Train a dictionary."},
        {"zstandard_finalize", finalize, METH_VARARGS, "Finalize a dictionary."},
        {"zstandard_dictionary_id", dictionary_id, METH_VARARGS, "The number of a dictionary."},
        {"zstandard_frame_info", frame_info, METH_VARARGS, "What the header of a frame says."},
        {"zstandard_frame_size", frame_size, METH_VARARGS, "The size of a frame."},
        {NULL, NULL, 0, NULL},
    };
    return module_add_functions(module, functions);
}
