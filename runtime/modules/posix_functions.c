/* The module `_eryx_posix`: functions of POSIX that CPython's `posix` was built without.
 *
 * Each returns the number of an error, negative, when it fails: Python knows the path to name. */
#include "python.h"

#include "../guest/files.h"

#include <dirent.h>
#include <errno.h>
#include <sys/statvfs.h>
#include <unistd.h>

static PyObject *number_or_error(int number) {
    return PyLong_FromLong(number < 0 ? -*__errno_location() : number);
}

/* chmod(directory, path, mode, flags) */
static PyObject *posix_chmod(PyObject *self, PyObject *arguments) {
    (void)self;
    int directory = 0, mode = 0, flags = 0;
    const char *path = NULL;
    if (!PyArg_ParseTuple(arguments, "iyii:chmod", &directory, &path, &mode, &flags)) {
        return NULL;
    }
    return number_or_error(eryx_fchmodat(directory, path, (mode_t)mode, flags));
}

/* fchmod(descriptor, mode) */
static PyObject *posix_fchmod(PyObject *self, PyObject *arguments) {
    (void)self;
    int descriptor = 0, mode = 0;
    if (!PyArg_ParseTuple(arguments, "ii:fchmod", &descriptor, &mode)) {
        return NULL;
    }
    return number_or_error(eryx_fchmod(descriptor, (mode_t)mode));
}

/* umask(mask) */
static PyObject *posix_umask(PyObject *self, PyObject *arguments) {
    (void)self;
    int mask = 0;
    if (!PyArg_ParseTuple(arguments, "i:umask", &mask)) {
        return NULL;
    }
    return PyLong_FromLong((long)modes_mask((uint32_t)mask));
}

/* dup(descriptor) */
static PyObject *posix_dup(PyObject *self, PyObject *arguments) {
    (void)self;
    int descriptor = 0;
    if (!PyArg_ParseTuple(arguments, "i:dup", &descriptor)) {
        return NULL;
    }
    return number_or_error(descriptor_duplicate(descriptor));
}

/* dup2(descriptor, target) */
static PyObject *posix_dup2(PyObject *self, PyObject *arguments) {
    (void)self;
    int descriptor = 0, target = 0;
    if (!PyArg_ParseTuple(arguments, "ii:dup2", &descriptor, &target)) {
        return NULL;
    }
    return number_or_error(descriptor_duplicate_to(descriptor, target));
}

static PyObject *ends_or_error(int result, const int ends[2]) {
    return result < 0 ? number_or_error(result) : Py_BuildValue("(ii)", ends[0], ends[1]);
}

/* pipe() */
static PyObject *posix_pipe(PyObject *self, PyObject *arguments) {
    (void)self, (void)arguments;
    int ends[2];
    return ends_or_error(channel_pipe(ends), ends);
}

/* socketpair() */
static PyObject *posix_socket_pair(PyObject *self, PyObject *arguments) {
    (void)self, (void)arguments;
    int ends[2];
    return ends_or_error(channel_socket_pair(ends), ends);
}

/* The ten numbers of `os.statvfs_result` and the identifier. */
static PyObject *space_or_error(int result, const struct statvfs *space) {
    if (result < 0) {
        return number_or_error(result);
    }
    return Py_BuildValue("(kkKKKKKKkkk)", space->f_bsize, space->f_frsize,
                         (unsigned long long)space->f_blocks, (unsigned long long)space->f_bfree,
                         (unsigned long long)space->f_bavail, (unsigned long long)space->f_files,
                         (unsigned long long)space->f_ffree, (unsigned long long)space->f_favail,
                         space->f_flag, space->f_namemax, space->f_fsid);
}

/* statvfs(path) */
static PyObject *posix_statvfs(PyObject *self, PyObject *arguments) {
    (void)self;
    const char *path = NULL;
    struct statvfs space;
    if (!PyArg_ParseTuple(arguments, "y:statvfs", &path)) {
        return NULL;
    }
    return space_or_error(eryx_statvfs(path, &space), &space);
}

/* fstatvfs(descriptor) */
static PyObject *posix_fstatvfs(PyObject *self, PyObject *arguments) {
    (void)self;
    int descriptor = 0;
    struct statvfs space;
    if (!PyArg_ParseTuple(arguments, "i:fstatvfs", &descriptor)) {
        return NULL;
    }
    return space_or_error(eryx_fstatvfs(descriptor, &space), &space);
}

/* list(descriptor): (name, type) of all in an open directory. */
static PyObject *posix_list(PyObject *self, PyObject *arguments) {
    (void)self;
    int descriptor = 0;
    if (!PyArg_ParseTuple(arguments, "i:list", &descriptor)) {
        return NULL;
    }
    int own = descriptor_duplicate(descriptor);
    DIR *listing = own < 0 ? NULL : fdopendir(own);
    if (listing == NULL) {
        PyObject *error = number_or_error(-1);
        if (own >= 0) {
            close(own);
        }
        return error;
    }
    PyObject *names = PyList_New(0);
    *__errno_location() = 0;
    for (struct dirent *found; names != NULL && (found = eryx_readdir(listing)) != NULL;) {
        PyObject *item = Py_BuildValue("(yi)", found->d_name, (int)found->d_type);
        if (item == NULL || PyList_Append(names, item) != 0) {
            Py_DecRef(names);
            names = NULL;
        }
        Py_DecRef(item);
        *__errno_location() = 0;
    }
    int error = *__errno_location();
    closedir(listing);
    if (names != NULL && error != 0) {
        Py_DecRef(names);
        return PyLong_FromLong(-error);
    }
    return names;
}

/* fcntl(descriptor, command, argument) */
static PyObject *posix_fcntl(PyObject *self, PyObject *arguments) {
    (void)self;
    int descriptor = 0, command = 0, argument = 0;
    if (!PyArg_ParseTuple(arguments, "iii:fcntl", &descriptor, &command, &argument)) {
        return NULL;
    }
    return number_or_error(eryx_fcntl(descriptor, command, argument));
}

/* lock(descriptor, change, start, length) */
static PyObject *posix_lock(PyObject *self, PyObject *arguments) {
    (void)self;
    int descriptor = 0, change = 0;
    unsigned long long start = 0, length = 0;
    if (!PyArg_ParseTuple(arguments, "iiKK:lock", &descriptor, &change, &start, &length)) {
        return NULL;
    }
    return number_or_error(descriptor_lock(descriptor, (LockChange)change, start, length));
}

/* flock(descriptor, change) */
static PyObject *posix_flock(PyObject *self, PyObject *arguments) {
    (void)self;
    int descriptor = 0, change = 0;
    if (!PyArg_ParseTuple(arguments, "ii:flock", &descriptor, &change)) {
        return NULL;
    }
    return number_or_error(descriptor_lock_whole(descriptor, (LockChange)change));
}

static PyMethodDef functions[] = {
    {"chmod", posix_chmod, METH_VARARGS, "Change the mode of a path on an open directory."},
    {"fchmod", posix_fchmod, METH_VARARGS, "Change the mode of an open file."},
    {"umask", posix_umask, METH_VARARGS, "Set the mask of new modes and return the old one."},
    {"dup", posix_dup, METH_VARARGS, "Duplicate a descriptor."},
    {"dup2", posix_dup2, METH_VARARGS, "Duplicate a descriptor to a number."},
    {"pipe", posix_pipe, METH_NOARGS, "Make a pipe."},
    {"socketpair", posix_socket_pair, METH_NOARGS, "Make a pair of connected sockets."},
    {"fcntl", posix_fcntl, METH_VARARGS, "Control a descriptor."},
    {"lock", posix_lock, METH_VARARGS, "Lock bytes of an open file."},
    {"flock", posix_flock, METH_VARARGS, "Lock an open file."},
    {"statvfs", posix_statvfs, METH_VARARGS, "How much the file system of a path holds."},
    {"fstatvfs", posix_fstatvfs, METH_VARARGS, "How much the file system of an open file holds."},
    {"list", posix_list, METH_VARARGS, "The names and types of what is in an open directory."},
    {0},
};

static int add(PyObject *module) {
    return PyModule_AddFunctions(module, functions);
}

PyObject *eryx_posix_module(void) {
    static PyModuleDef_Slot slots[] = {{PY_MOD_EXEC, add}, {0}};
    static PyModuleDef definition = {
        .m_base = PyModuleDef_HEAD_INIT,
        .m_name = "_eryx_posix",
        .m_slots = slots,
    };
    return PyModuleDef_Init(&definition);
}
