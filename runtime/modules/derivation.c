/* The module `_eryx_derivation`: keys from passwords, with libsodium's HMAC and scrypt. */
#include "python.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "crypto_auth_hmacsha256.h"
#include "crypto_auth_hmacsha512.h"
#include "crypto_scrypt.h"

/* The longest digest, in bytes. */
enum { MAX_DIGEST = 64 };

/* One of the two functions that are fast, behind one shape. */
typedef union Hmac {
    crypto_auth_hmacsha256_state sha256;
    crypto_auth_hmacsha512_state sha512;
} Hmac;

typedef struct Function {
    size_t digest;
    void (*start)(Hmac *hmac, const uint8_t *key, size_t length);
    void (*update)(Hmac *hmac, const uint8_t *data, size_t length);
    void (*finish)(Hmac *hmac, uint8_t *digest);
} Function;

static void start256(Hmac *hmac, const uint8_t *key, size_t length) {
    crypto_auth_hmacsha256_init(&hmac->sha256, key, length);
}

static void update256(Hmac *hmac, const uint8_t *data, size_t length) {
    crypto_auth_hmacsha256_update(&hmac->sha256, data, length);
}

static void finish256(Hmac *hmac, uint8_t *digest) {
    crypto_auth_hmacsha256_final(&hmac->sha256, digest);
}

static void start512(Hmac *hmac, const uint8_t *key, size_t length) {
    crypto_auth_hmacsha512_init(&hmac->sha512, key, length);
}

static void update512(Hmac *hmac, const uint8_t *data, size_t length) {
    crypto_auth_hmacsha512_update(&hmac->sha512, data, length);
}

static void finish512(Hmac *hmac, uint8_t *digest) {
    crypto_auth_hmacsha512_final(&hmac->sha512, digest);
}

/* How many iterations pass between two looks at whether the program was interrupted. */
enum { ITERATIONS_BETWEEN_SIGNALS = 1 << 14 };

/* One block of PBKDF2 (RFC 8018, section 5.2) into `block`. False when the program was interrupted. */
static bool derive_block(const Function *function, const Hmac *keyed, Py_buffer *salt,
                         uint32_t number, long iterations, uint8_t *block) {
    const uint8_t big_endian[] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
                                  (uint8_t)(number >> 8), (uint8_t)number};
    uint8_t digest[MAX_DIGEST];
    Hmac hmac = *keyed;
    function->update(&hmac, salt->buf, (size_t)salt->len);
    function->update(&hmac, big_endian, sizeof big_endian);
    function->finish(&hmac, digest);
    memcpy(block, digest, function->digest);
    for (long iteration = 1; iteration < iterations; iteration++) {
        hmac = *keyed;
        function->update(&hmac, digest, function->digest);
        function->finish(&hmac, digest);
        for (size_t index = 0; index < function->digest; index++) {
            block[index] ^= digest[index];
        }
        if (iteration % ITERATIONS_BETWEEN_SIGNALS == 0 && PyErr_CheckSignals() != 0) {
            return false;
        }
    }
    return true;
}

/* pbkdf2(name, password, salt, iterations, length) -> bytes; `sha256` and `sha512` only */
static PyObject *pbkdf2(PyObject *self, PyObject *arguments) {
    static const Function sha256 = {32, start256, update256, finish256};
    static const Function sha512 = {64, start512, update512, finish512};
    (void)self;
    const char *name = NULL;
    Py_buffer password;
    Py_buffer salt;
    long iterations = 0;
    Py_ssize_t length = 0;
    if (!PyArg_ParseTuple(arguments, "sy*y*ln", &name, &password, &salt, &iterations, &length)) {
        return NULL;
    }
    const Function *function = strcmp(name, "sha256") == 0 ? &sha256 : &sha512;
    Hmac keyed;
    function->start(&keyed, password.buf, (size_t)password.len);
    PyObject *key = PyBytes_FromStringAndSize(NULL, length);
    uint8_t *left = key == NULL ? NULL : (uint8_t *)PyBytes_AsString(key);
    for (uint32_t number = 1; key != NULL && length > 0; number++) {
        uint8_t block[MAX_DIGEST];
        if (!derive_block(function, &keyed, &salt, number, iterations, block)) {
            Py_DecRef(key);
            key = NULL;
            break;
        }
        size_t taken = (size_t)length < function->digest ? (size_t)length : function->digest;
        memcpy(left, block, taken);
        left += taken;
        length -= (Py_ssize_t)taken;
    }
    PyBuffer_Release(&password);
    PyBuffer_Release(&salt);
    return key;
}

/* scrypt(password, salt, n, r, p, length) -> bytes (RFC 7914) */
static PyObject *scrypt(PyObject *self, PyObject *arguments) {
    (void)self;
    Py_buffer password;
    Py_buffer salt;
    unsigned long long n = 0;
    unsigned int r = 0;
    unsigned int p = 0;
    Py_ssize_t length = 0;
    if (!PyArg_ParseTuple(arguments, "y*y*KIIn", &password, &salt, &n, &r, &p, &length)) {
        return NULL;
    }
    PyObject *key = PyBytes_FromStringAndSize(NULL, length);
    escrypt_local_t local = {0};
    if (key != NULL) {
        int status = escrypt_kdf_nosse(&local, password.buf, (size_t)password.len, salt.buf,
                                       (size_t)salt.len, n, r, p, (uint8_t *)PyBytes_AsString(key),
                                       (size_t)length);
        escrypt_free_local(&local);
        if (status != 0) {
            Py_DecRef(key);
            key = NULL;
            PyErr_SetString(PyExc_MemoryError, "scrypt needs more memory than there is");
        }
    }
    PyBuffer_Release(&password);
    PyBuffer_Release(&salt);
    return key;
}

static PyMethodDef functions[] = {
    {"pbkdf2", pbkdf2, METH_VARARGS, "A key from a password, by PBKDF2."},
    {"scrypt", scrypt, METH_VARARGS, "A key from a password, by scrypt."},
    {NULL, NULL, 0, NULL},
};

static int execute(PyObject *module) {
    return PyModule_AddFunctions(module, functions);
}

static PyModuleDef_Slot slots[] = {
    {PY_MOD_EXEC, execute},
    {0, NULL},
};

static PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "_eryx_derivation",
    .m_doc = "Keys from passwords.",
    .m_slots = slots,
};

PyObject *eryx_derivation_module(void) {
    return PyModuleDef_Init(&definition);
}

/* libsodium calls this when it is used wrongly, which this file does not do. */
void sodium_misuse(void) {
    __builtin_trap();
}
