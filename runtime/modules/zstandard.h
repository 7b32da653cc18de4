/* What the files of the zstd codec share. */
#ifndef ERYX_ZSTANDARD_H
#define ERYX_ZSTANDARD_H

#include "codec.h"

#include <zstd.h>

/* `compression.zstd.ZstdError`, borrowed. */
extern PyObject *zstandard_error;

/* False, with an exception set that says what could not be done, when a status is an error. */
bool zstandard_check(const char *what, size_t status);

/* zstandard_dictionary.c: make a context use a dictionary, which must outlive it. False with an
 * exception set when it cannot be used. */
bool zstandard_compress_with(ZSTD_CCtx *context, int kind, PyObject *dictionary);
bool zstandard_decompress_with(ZSTD_DCtx *context, int kind, PyObject *dictionary);

/* zstandard_constants.c: adds the numbers of `_zstd`. False with an exception set. */
bool zstandard_add_constants(PyObject *module);

#endif
