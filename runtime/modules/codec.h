/* What the codecs share: bzip2, liblzma and zstd look the same to Python, see codecs.c.
 *
 * The classes of `bz2`, `lzma` and `compression.zstd` are written in Python (`runtime/python/_bz2.py`
 * and its neighbours); C only turns bytes into bytes. A codec knows nothing of the others. */
#ifndef ERYX_CODEC_H
#define ERYX_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "python.h"

/* What is left of the input and of the room for output. A step moves both. */
typedef struct Window {
    const uint8_t *input;
    size_t input_left;
    uint8_t *output;
    size_t output_left;
} Window;

typedef enum Step {
    STEP_FAILED = -1, /* an exception is set */
    STEP_MORE,        /* it goes on with more input or more room */
    STEP_DONE,        /* the stream, or the flush that was asked for, is complete */
} Step;

/* The state of one compression or decompression: the first member of each codec's own structure. */
typedef struct Stream {
    /* One call of the library, with an action of that codec. */
    Step (*step)(struct Stream *stream, Window *window, int action);
    /* Frees the stream and all that it owns. */
    void (*close)(struct Stream *stream);
} Stream;

/* codecs.c */

/* A new capsule, which owns the stream; NULL, with the stream closed and an exception set, when
 * there is no memory. A stream that is NULL gives NULL: its exception is set already. */
PyObject *stream_wrap(Stream *stream);

/* The stream of a capsule, borrowed and of this codec; NULL with a TypeError set when it is
 * something else. */
Stream *stream_of(PyObject *capsule, Step (*step)(Stream *, Window *, int));

/* Memory that starts as zeroes and is the caller's; NULL with a MemoryError set. */
void *codec_allocate(size_t size);

/* None, as a new reference. */
PyObject *codec_none(void);

/* Adds to a module: functions up to one without a name, and integers up to one without a name.
 * False with an exception set when that fails. */
typedef struct Integer {
    const char *name;
    int64_t value;
} Integer;
bool module_add_functions(PyObject *module, PyMethodDef *functions);
bool module_add_integers(PyObject *module, const Integer *integers);

/* The functions of each codec, added to the module `_eryx_codecs`. */
bool bzip2_add(PyObject *module);
bool xz_add(PyObject *module);
bool zstandard_add(PyObject *module);
bool zstandard_dictionary_add(PyObject *module);

#endif
