/* zstd as a codec: compression and decompression. */
#include "zstandard.h"

#include <stdlib.h>

PyObject *zstandard_error;

typedef struct Compressor {
    Stream stream;
    ZSTD_CCtx *context;
    PyObject *dictionary; /* owned: what the context refers to */
} Compressor;

typedef struct Decompressor {
    Stream stream;
    ZSTD_DCtx *context;
    PyObject *dictionary; /* owned: what the context refers to */
} Decompressor;

bool zstandard_check(const char *what, size_t status) {
    if (!ZSTD_isError(status)) {
        return true;
    }
    PyErr_Format(zstandard_error, "%s: %s", what, ZSTD_getErrorName(status));
    return false;
}

static Step compress_step(Stream *stream, Window *window, int action) {
    ZSTD_inBuffer input = {window->input, window->input_left, 0};
    ZSTD_outBuffer output = {window->output, window->output_left, 0};
    size_t left = ZSTD_compressStream2(((Compressor *)stream)->context, &output, &input,
                                       (ZSTD_EndDirective)action);
    *window = (Window){window->input + input.pos, window->input_left - input.pos,
                       window->output + output.pos, window->output_left - output.pos};
    if (!zstandard_check("Unable to compress Zstandard data", left)) {
        return STEP_FAILED;
    }
    return left == 0 && action != ZSTD_e_continue ? STEP_DONE : STEP_MORE;
}

static void compress_close(Stream *stream) {
    Compressor *compressor = (Compressor *)stream;
    ZSTD_freeCCtx(compressor->context);
    Py_DecRef(compressor->dictionary);
    free(compressor);
}

static Step decompress_step(Stream *stream, Window *window, int action) {
    (void)action;
    ZSTD_inBuffer input = {window->input, window->input_left, 0};
    ZSTD_outBuffer output = {window->output, window->output_left, 0};
    size_t left = ZSTD_decompressStream(((Decompressor *)stream)->context, &output, &input);
    *window = (Window){window->input + input.pos, window->input_left - input.pos,
                       window->output + output.pos, window->output_left - output.pos};
    if (!zstandard_check("Unable to decompress Zstandard data", left)) {
        return STEP_FAILED;
    }
    return left == 0 ? STEP_DONE : STEP_MORE;
}

static void decompress_close(Stream *stream) {
    Decompressor *decompressor = (Decompressor *)stream;
    ZSTD_freeDCtx(decompressor->context);
    Py_DecRef(decompressor->dictionary);
    free(decompressor);
}

/* zstandard_compressor() -> stream */
static PyObject *new_compressor(PyObject *self, PyObject *arguments) {
    (void)self;
    (void)arguments;
    Compressor *compressor = codec_allocate(sizeof *compressor);
    if (compressor == NULL) {
        return NULL;
    }
    compressor->stream = (Stream){compress_step, compress_close};
    compressor->context = ZSTD_createCCtx();
    if (compressor->context == NULL) {
        compress_close(&compressor->stream);
        return PyErr_NoMemory();
    }
    return stream_wrap(&compressor->stream);
}

/* zstandard_decompressor() -> stream */
static PyObject *new_decompressor(PyObject *self, PyObject *arguments) {
    (void)self;
    (void)arguments;
    Decompressor *decompressor = codec_allocate(sizeof *decompressor);
    if (decompressor == NULL) {
        return NULL;
    }
    decompressor->stream = (Stream){decompress_step, decompress_close};
    decompressor->context = ZSTD_createDCtx();
    if (decompressor->context == NULL) {
        decompress_close(&decompressor->stream);
        return PyErr_NoMemory();
    }
    return stream_wrap(&decompressor->stream);
}

/* zstandard_set(stream, is_compressor, parameter, value) */
static PyObject *set_parameter(PyObject *self, PyObject *arguments) {
    (void)self;
    PyObject *capsule = NULL;
    int is_compressor = 0;
    int parameter = 0;
    int value = 0;
    if (!PyArg_ParseTuple(arguments, "Opii", &capsule, &is_compressor, &parameter, &value)) {
        return NULL;
    }
    Stream *stream = stream_of(capsule, is_compressor ? compress_step : decompress_step);
    if (stream == NULL) {
        return NULL;
    }
    size_t status =
        is_compressor
            ? ZSTD_CCtx_setParameter(((Compressor *)stream)->context, (ZSTD_cParameter)parameter, value)
            : ZSTD_DCtx_setParameter(((Decompressor *)stream)->context, (ZSTD_dParameter)parameter, value);
    return zstandard_check("Unable to set a parameter", status) ? codec_none() : NULL;
}

/* zstandard_bounds(is_compressor, parameter) -> (lower, upper) */
static PyObject *parameter_bounds(PyObject *self, PyObject *arguments) {
    (void)self;
    int is_compressor = 0;
    int parameter = 0;
    if (!PyArg_ParseTuple(arguments, "pi", &is_compressor, &parameter)) {
        return NULL;
    }
    ZSTD_bounds bounds = is_compressor ? ZSTD_cParam_getBounds((ZSTD_cParameter)parameter)
                                       : ZSTD_dParam_getBounds((ZSTD_dParameter)parameter);
    if (!zstandard_check("Unable to get the bounds of a parameter", bounds.error)) {
        return NULL;
    }
    return Py_BuildValue("ii", bounds.lowerBound, bounds.upperBound);
}

/* zstandard_pledge(stream, size): how large the next frame will be; 2**64 - 1 is unknown */
static PyObject *pledge_size(PyObject *self, PyObject *arguments) {
    (void)self;
    PyObject *capsule = NULL;
    unsigned long long size = 0;
    if (!PyArg_ParseTuple(arguments, "OK", &capsule, &size)) {
        return NULL;
    }
    Compressor *compressor = (Compressor *)stream_of(capsule, compress_step);
    if (compressor == NULL) {
        return NULL;
    }
    size_t status = ZSTD_CCtx_setPledgedSrcSize(compressor->context, size);
    return zstandard_check("Unable to set pledged uncompressed content size", status) ? codec_none()
                                                                                      : NULL;
}

/* zstandard_reset(stream): forgets the frame that was begun */
static PyObject *reset_session(PyObject *self, PyObject *capsule) {
    (void)self;
    Compressor *compressor = (Compressor *)stream_of(capsule, compress_step);
    if (compressor == NULL) {
        return NULL;
    }
    ZSTD_CCtx_reset(compressor->context, ZSTD_reset_session_only);
    return codec_none();
}

/* zstandard_use(stream, is_compressor, kind, dictionary)
 *
 * A dictionary is bytes, or what `zstandard_digest` made of them. The stream keeps it. */
static PyObject *use_dictionary(PyObject *self, PyObject *arguments) {
    (void)self;
    PyObject *capsule = NULL;
    int is_compressor = 0;
    int kind = 0;
    PyObject *dictionary = NULL;
    if (!PyArg_ParseTuple(arguments, "OpiO", &capsule, &is_compressor, &kind, &dictionary)) {
        return NULL;
    }
    Stream *stream = stream_of(capsule, is_compressor ? compress_step : decompress_step);
    if (stream == NULL) {
        return NULL;
    }
    PyObject **kept = is_compressor ? &((Compressor *)stream)->dictionary
                                    : &((Decompressor *)stream)->dictionary;
    Py_IncRef(dictionary);
    Py_DecRef(*kept);
    *kept = dictionary;
    bool used = is_compressor
                    ? zstandard_compress_with(((Compressor *)stream)->context, kind, dictionary)
                    : zstandard_decompress_with(((Decompressor *)stream)->context, kind, dictionary);
    return used ? codec_none() : NULL;
}

bool zstandard_add(PyObject *module) {
    static PyMethodDef functions[] = {
        {"zstandard_compressor", new_compressor, METH_NOARGS, "A stream that compresses."},
        {"zstandard_decompressor", new_decompressor, METH_NOARGS, "A stream that decompresses."},
        {"zstandard_set", set_parameter, METH_VARARGS, "Set a parameter of a stream."},
        {"zstandard_bounds", parameter_bounds, METH_VARARGS, "The bounds of a parameter."},
        {"zstandard_pledge", pledge_size, METH_VARARGS, "Say how large the next frame will be."},
        {"zstandard_reset", reset_session, METH_O, "Forget the frame that was begun."},
        {"zstandard_use", use_dictionary, METH_VARARGS, "Use a dictionary."},
        {NULL, NULL, 0, NULL},
    };
    zstandard_error = PyErr_NewExceptionWithDoc("compression.zstd.ZstdError",
                                                "An error occurred in the zstd library.", NULL, NULL);
    return zstandard_error != NULL &&
           PyModule_AddObjectRef(module, "ZstdError", zstandard_error) == 0 &&
           PyModule_AddStringConstant(module, "zstandard_version", ZSTD_versionString()) == 0 &&
           module_add_functions(module, functions) && zstandard_add_constants(module);
}
