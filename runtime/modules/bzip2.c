/* bzip2 as a codec. */
#include "codec.h"

#include <bzlib.h>
#include <limits.h>
#include <stdlib.h>

typedef struct Bzip2 {
    Stream stream;
    bz_stream state;
} Bzip2;

/* Sets the exception that says what a negative status means. */
static Step fail(int status) {
    switch (status) {
    case BZ_MEM_ERROR:
        PyErr_NoMemory();
        break;
    case BZ_DATA_ERROR:
    case BZ_DATA_ERROR_MAGIC:
        PyErr_SetString(PyExc_OSError, "Invalid data stream");
        break;
    case BZ_PARAM_ERROR:
        PyErr_SetString(PyExc_ValueError, "Invalid parameters passed to libbzip2");
        break;
    case BZ_SEQUENCE_ERROR:
        PyErr_SetString(PyExc_RuntimeError, "Invalid sequence of commands sent to libbzip2");
        break;
    default:
        PyErr_SetString(PyExc_OSError, "Unrecognized error from libbzip2");
    }
    return STEP_FAILED;
}

static unsigned bounded(size_t size) {
    return size > UINT_MAX ? UINT_MAX : (unsigned)size;
}

/* Shows the library a window, calls it, and moves the window by what it did. */
static int call_library(Bzip2 *bzip2, Window *window, int action, bool compress) {
    bz_stream *state = &bzip2->state;
    state->next_in = (char *)window->input;
    state->avail_in = bounded(window->input_left);
    state->next_out = (char *)window->output;
    state->avail_out = bounded(window->output_left);
    int status = compress ? BZ2_bzCompress(state, action) : BZ2_bzDecompress(state);
    window->input_left -= (size_t)((const uint8_t *)state->next_in - window->input);
    window->input = (const uint8_t *)state->next_in;
    window->output_left -= (size_t)((uint8_t *)state->next_out - window->output);
    window->output = (uint8_t *)state->next_out;
    return status;
}

static Step compress_step(Stream *stream, Window *window, int action) {
    if (action == BZ_RUN && window->input_left == 0) {
        return STEP_MORE; /* libbzip2 takes it for an error to be given nothing */
    }
    int status = call_library((Bzip2 *)stream, window, action, true);
    if (status < 0) {
        return fail(status);
    }
    return status == BZ_STREAM_END ? STEP_DONE : STEP_MORE;
}

static void compress_close(Stream *stream) {
    BZ2_bzCompressEnd(&((Bzip2 *)stream)->state);
    free(stream);
}

static Step decompress_step(Stream *stream, Window *window, int action) {
    int status = call_library((Bzip2 *)stream, window, action, false);
    if (status < 0) {
        return fail(status);
    }
    return status == BZ_STREAM_END ? STEP_DONE : STEP_MORE;
}

static void decompress_close(Stream *stream) {
    BZ2_bzDecompressEnd(&((Bzip2 *)stream)->state);
    free(stream);
}

/* bzip2_compressor(level) -> stream */
static PyObject *bzip2_compressor(PyObject *self, PyObject *arguments) {
    (void)self;
    int level = 0;
    if (!PyArg_ParseTuple(arguments, "i", &level)) {
        return NULL;
    }
    Bzip2 *bzip2 = codec_allocate(sizeof *bzip2);
    if (bzip2 == NULL) {
        return NULL;
    }
    bzip2->stream = (Stream){compress_step, compress_close};
    int status = BZ2_bzCompressInit(&bzip2->state, level, 0, 0);
    if (status != BZ_OK) {
        free(bzip2);
        fail(status);
        return NULL;
    }
    return stream_wrap(&bzip2->stream);
}

/* bzip2_decompressor() -> stream */
static PyObject *bzip2_decompressor(PyObject *self, PyObject *arguments) {
    (void)self;
    (void)arguments;
    Bzip2 *bzip2 = codec_allocate(sizeof *bzip2);
    if (bzip2 == NULL) {
        return NULL;
    }
    bzip2->stream = (Stream){decompress_step, decompress_close};
    int status = BZ2_bzDecompressInit(&bzip2->state, 0, 0);
    if (status != BZ_OK) {
        free(bzip2);
        fail(status);
        return NULL;
    }
    return stream_wrap(&bzip2->stream);
}

bool bzip2_add(PyObject *module) {
    static PyMethodDef functions[] = {
        {"bzip2_compressor", bzip2_compressor, METH_VARARGS, "A stream that compresses."},
        {"bzip2_decompressor", bzip2_decompressor, METH_NOARGS, "A stream that decompresses."},
        {NULL, NULL, 0, NULL},
    };
    static const Integer integers[] = {
        {"BZ_RUN", BZ_RUN},
        {"BZ_FINISH", BZ_FINISH},
        {NULL, 0},
    };
    return module_add_functions(module, functions) && module_add_integers(module, integers);
}

/* libbzip2 without its file functions asks for this, and reports with it only what cannot be. */
void bz_internal_error(int code) {
    (void)code;
    __builtin_trap();
}
