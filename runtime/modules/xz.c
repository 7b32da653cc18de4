/* liblzma as a codec: the formats xz, lzma and raw. */
#include "codec.h"

#include <lzma.h>
#include <stdlib.h>

/* The numbers of `lzma.FORMAT_*`. */
enum { FORMAT_AUTO, FORMAT_XZ, FORMAT_ALONE, FORMAT_RAW };

typedef struct Xz {
    Stream stream;
    lzma_stream state;
    int check;
} Xz;

/* `lzma.LZMAError`, which this file owns for as long as the interpreter runs. */
static PyObject *error;

/* Sets the exception that says what a status means, unless it is a good one. */
static bool check_status(lzma_ret status) {
    const char *message = "Unrecognized error from liblzma";
    switch (status) {
    case LZMA_OK:
    case LZMA_GET_CHECK:
    case LZMA_NO_CHECK:
    case LZMA_STREAM_END:
        return true;
    case LZMA_MEM_ERROR:
        PyErr_NoMemory();
        return false;
    case LZMA_UNSUPPORTED_CHECK:
        message = "Unsupported integrity check";
        break;
    case LZMA_MEMLIMIT_ERROR:
        message = "Memory usage limit exceeded";
        break;
    case LZMA_FORMAT_ERROR:
        message = "Input format not supported by decoder";
        break;
    case LZMA_OPTIONS_ERROR:
        message = "Invalid or unsupported options";
        break;
    case LZMA_DATA_ERROR:
        message = "Corrupt input data";
        break;
    case LZMA_BUF_ERROR:
        message = "Insufficient buffer space";
        break;
    case LZMA_PROG_ERROR:
        message = "Internal error";
        break;
    default:
        break;
    }
    PyErr_SetString(error, message);
    return false;
}

static Step xz_step(Stream *stream, Window *window, int action) {
    Xz *xz = (Xz *)stream;
    lzma_stream *state = &xz->state;
    state->next_in = window->input;
    state->avail_in = window->input_left;
    state->next_out = window->output;
    state->avail_out = window->output_left;
    lzma_ret status = lzma_code(state, (lzma_action)action);
    *window = (Window){state->next_in, state->avail_in, state->next_out, state->avail_out};
    if (status == LZMA_BUF_ERROR && (window->input_left == 0 || window->output_left == 0)) {
        return STEP_MORE; /* it only wants more input or more room */
    }
    if (!check_status(status)) {
        return STEP_FAILED;
    }
    if (status == LZMA_NO_CHECK || status == LZMA_GET_CHECK) {
        xz->check = (int)lzma_get_check(state);
    }
    return status == LZMA_STREAM_END ? STEP_DONE : STEP_MORE;
}

static void xz_close(Stream *stream) {
    lzma_end(&((Xz *)stream)->state);
    free(stream);
}

static Xz *new_stream(void) {
    Xz *xz = codec_allocate(sizeof *xz);
    if (xz != NULL) {
        xz->stream = (Stream){xz_step, xz_close};
        xz->state = (lzma_stream)LZMA_STREAM_INIT;
        xz->check = LZMA_CHECK_ID_MAX + 1; /* unknown */
    }
    return xz;
}

/* The stream as a capsule when the library took what it was asked for; otherwise it is closed. */
static PyObject *finish_stream(Xz *xz, lzma_ret status) {
    if (!check_status(status)) {
        xz_close(&xz->stream);
        return NULL;
    }
    return stream_wrap(&xz->stream);
}

/* What the numbers of one filter mean: options in the order of `_lzma._LZMA_OPTIONS`. */
typedef union Options {
    lzma_options_lzma lzma;
    lzma_options_delta delta;
    lzma_options_bcj bcj;
} Options;

/* Filters, and the options that they point to. */
typedef struct Chain {
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    Options options[LZMA_FILTERS_MAX];
} Chain;

/* The options of LZMA1 and LZMA2: a preset, and those numbers that are given change it. */
static bool read_lzma(PyObject *numbers, lzma_options_lzma *options) {
    long long preset, dictionary, context, position, literal, mode, nice, finder, depth;
    if (!PyArg_ParseTuple(numbers, "LLLLLLLLLL", &(long long){0}, &preset, &dictionary, &context,
                          &literal, &position, &mode, &nice, &finder, &depth)) {
        return false;
    }
    if (lzma_lzma_preset(options, (uint32_t)preset)) {
        PyErr_SetString(error, "Invalid compression preset");
        return false;
    }
    struct {
        long long given;
        uint32_t *option;
    } changes[] = {
        {dictionary, &options->dict_size}, {context, &options->lc},     {literal, &options->lp},
        {position, &options->pb},          {nice, &options->nice_len}, {depth, &options->depth},
    };
    for (size_t index = 0; index < sizeof changes / sizeof *changes; index++) {
        if (changes[index].given >= 0) {
            *changes[index].option = (uint32_t)changes[index].given;
        }
    }
    options->mode = mode >= 0 ? (lzma_mode)mode : options->mode;
    options->mf = finder >= 0 ? (lzma_match_finder)finder : options->mf;
    return true;
}

/* Reads one filter: a tuple of its id and the numbers of its options. */
static bool read_filter(PyObject *numbers, lzma_filter *filter, Options *options) {
    PyObject *id = PyTuple_GetItem(numbers, 0);
    long long number = id == NULL ? -1 : PyLong_AsLongLong(id);
    if (number == -1 && PyErr_Occurred() != NULL) {
        return false;
    }
    *filter = (lzma_filter){(lzma_vli)number, options};
    if (filter->id == LZMA_FILTER_LZMA1 || filter->id == LZMA_FILTER_LZMA2) {
        return read_lzma(numbers, &options->lzma);
    }
    long long option = 0;
    if (!PyArg_ParseTuple(numbers, "LL", &number, &option)) {
        return false;
    }
    if (filter->id == LZMA_FILTER_DELTA) {
        options->delta = (lzma_options_delta){.type = LZMA_DELTA_TYPE_BYTE, .dist = (uint32_t)option};
    } else {
        options->bcj = (lzma_options_bcj){.start_offset = (uint32_t)option};
    }
    return true;
}

/* Reads a tuple of filters, of which `_lzma` made sure that there are not too many. */
static bool read_chain(PyObject *filters, Chain *chain) {
    Py_ssize_t count = PyTuple_Size(filters);
    if (count < 0 || count > LZMA_FILTERS_MAX) {
        PyErr_SetString(PyExc_ValueError, "Too many filters - liblzma supports a maximum of 4");
        return false;
    }
    for (Py_ssize_t index = 0; index < count; index++) {
        PyObject *numbers = PyTuple_GetItem(filters, index);
        if (!read_filter(numbers, &chain->filters[index], &chain->options[index])) {
            return false;
        }
    }
    chain->filters[count].id = LZMA_VLI_UNKNOWN;
    return true;
}

/* xz_encoder(format, check, preset, filters) -> stream; filters may be None but for raw streams */
static PyObject *xz_encoder(PyObject *self, PyObject *arguments) {
    (void)self;
    int format = 0;
    int check = 0;
    unsigned int preset = 0;
    PyObject *filters = NULL;
    if (!PyArg_ParseTuple(arguments, "iiIO", &format, &check, &preset, &filters)) {
        return NULL;
    }
    Chain chain;
    bool has_filters = filters != Py_GetConstantBorrowed(PY_CONSTANT_NONE);
    if (has_filters && !read_chain(filters, &chain)) {
        return NULL;
    }
    Xz *xz = new_stream();
    if (xz == NULL) {
        return NULL;
    }
    lzma_ret status = LZMA_PROG_ERROR;
    lzma_options_lzma simple;
    if (format == FORMAT_XZ && has_filters) {
        status = lzma_stream_encoder(&xz->state, chain.filters, (lzma_check)check);
    } else if (format == FORMAT_XZ) {
        status = lzma_easy_encoder(&xz->state, preset, (lzma_check)check);
    } else if (format == FORMAT_ALONE && has_filters) {
        bool fits = chain.filters[0].id == LZMA_FILTER_LZMA1 &&
                    chain.filters[1].id == LZMA_VLI_UNKNOWN;
        if (!fits) {
            PyErr_SetString(PyExc_ValueError,
                            "Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter");
            xz_close(&xz->stream);
            return NULL;
        }
        status = lzma_alone_encoder(&xz->state, &chain.options[0].lzma);
    } else if (format == FORMAT_ALONE) {
        status = lzma_lzma_preset(&simple, preset) ? LZMA_OPTIONS_ERROR
                                                   : lzma_alone_encoder(&xz->state, &simple);
    } else if (format == FORMAT_RAW && has_filters) {
        status = lzma_raw_encoder(&xz->state, chain.filters);
    }
    return finish_stream(xz, status);
}

/* xz_decoder(format, memory_limit, filters) -> stream; filters are for raw streams only */
static PyObject *xz_decoder(PyObject *self, PyObject *arguments) {
    (void)self;
    int format = 0;
    unsigned long long memory_limit = 0;
    PyObject *filters = NULL;
    if (!PyArg_ParseTuple(arguments, "iKO", &format, &memory_limit, &filters)) {
        return NULL;
    }
    Chain chain;
    if (format == FORMAT_RAW && !read_chain(filters, &chain)) {
        return NULL;
    }
    Xz *xz = new_stream();
    if (xz == NULL) {
        return NULL;
    }
    const uint32_t flags = LZMA_TELL_ANY_CHECK | LZMA_TELL_NO_CHECK;
    lzma_ret status = LZMA_PROG_ERROR;
    switch (format) {
    case FORMAT_AUTO:
        status = lzma_auto_decoder(&xz->state, memory_limit, flags);
        break;
    case FORMAT_XZ:
        status = lzma_stream_decoder(&xz->state, memory_limit, flags);
        break;
    case FORMAT_ALONE:
        xz->check = LZMA_CHECK_NONE;
        status = lzma_alone_decoder(&xz->state, memory_limit);
        break;
    case FORMAT_RAW:
        xz->check = LZMA_CHECK_NONE;
        status = lzma_raw_decoder(&xz->state, chain.filters);
        break;
    default:
        break;
    }
    return finish_stream(xz, status);
}

/* xz_check(stream) -> the integrity check of what is decoded */
static PyObject *xz_check(PyObject *self, PyObject *capsule) {
    (void)self;
    Xz *xz = (Xz *)stream_of(capsule, xz_step);
    return xz == NULL ? NULL : PyLong_FromLong(xz->check);
}

/* xz_check_is_supported(check) -> bool */
static PyObject *xz_check_is_supported(PyObject *self, PyObject *arguments) {
    (void)self;
    int check = 0;
    if (!PyArg_ParseTuple(arguments, "i", &check)) {
        return NULL;
    }
    return PyBool_FromLong(lzma_check_is_supported((lzma_check)check));
}

/* xz_properties(filter) -> bytes, as they are in the header of a stream */
static PyObject *xz_properties(PyObject *self, PyObject *numbers) {
    (void)self;
    lzma_filter filter;
    Options options;
    uint32_t size = 0;
    if (!read_filter(numbers, &filter, &options) ||
        !check_status(lzma_properties_size(&size, &filter))) {
        return NULL;
    }
    PyObject *properties = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
    if (properties != NULL &&
        !check_status(lzma_properties_encode(&filter, (uint8_t *)PyBytes_AsString(properties)))) {
        Py_DecRef(properties);
        return NULL;
    }
    return properties;
}

/* xz_options(id, properties) -> a tuple of numbers: those that properties hold */
static PyObject *xz_options(PyObject *self, PyObject *arguments) {
    (void)self;
    unsigned long long id = 0;
    Py_buffer properties;
    if (!PyArg_ParseTuple(arguments, "Ky*", &id, &properties)) {
        return NULL;
    }
    lzma_filter filter = {(lzma_vli)id, NULL};
    lzma_ret status =
        lzma_properties_decode(&filter, NULL, properties.buf, (size_t)properties.len);
    PyBuffer_Release(&properties);
    if (!check_status(status)) {
        return NULL;
    }
    PyObject *numbers = NULL;
    if (filter.id == LZMA_FILTER_LZMA1) {
        const lzma_options_lzma *lzma = filter.options;
        numbers = Py_BuildValue("IIII", lzma->dict_size, lzma->lc, lzma->lp, lzma->pb);
    } else if (filter.id == LZMA_FILTER_LZMA2) {
        numbers = Py_BuildValue("(I)", ((const lzma_options_lzma *)filter.options)->dict_size);
    } else if (filter.id == LZMA_FILTER_DELTA) {
        numbers = Py_BuildValue("(I)", ((const lzma_options_delta *)filter.options)->dist);
    } else if (filter.options != NULL) {
        numbers = Py_BuildValue("(I)", ((const lzma_options_bcj *)filter.options)->start_offset);
    } else {
        numbers = Py_BuildValue("()");
    }
    free(filter.options);
    return numbers;
}

bool xz_add(PyObject *module) {
    static PyMethodDef functions[] = {
        {"xz_encoder", xz_encoder, METH_VARARGS, "A stream that compresses."},
        {"xz_decoder", xz_decoder, METH_VARARGS, "A stream that decompresses."},
        {"xz_check", xz_check, METH_O, "The integrity check of a stream."},
        {"xz_check_is_supported", xz_check_is_supported, METH_VARARGS, "Whether a check is known."},
        {"xz_properties", xz_properties, METH_O, "The properties of a filter."},
        {"xz_options", xz_options, METH_VARARGS, "The options that properties hold."},
        {NULL, NULL, 0, NULL},
    };
    static const Integer integers[] = {
        {"LZMA_RUN", LZMA_RUN},
        {"LZMA_FINISH", LZMA_FINISH},
        {NULL, 0},
    };
    error = PyErr_NewExceptionWithDoc("_lzma.LZMAError", "Call to liblzma failed.", NULL, NULL);
    return error != NULL && PyModule_AddObjectRef(module, "LZMAError", error) == 0 &&
           module_add_functions(module, functions) && module_add_integers(module, integers);
}
