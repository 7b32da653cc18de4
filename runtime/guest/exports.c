/* The exports of the world `eryx:sandbox/sandbox`, lowered by hand to the canonical ABI.
 *
 * Every pointer that an export receives was made by `cabi_realloc` and belongs to the guest. A
 * sandbox prepares once and runs once, so what an export received is not freed: its memory is given
 * back with the whole sandbox. */
#include "guest.h"
#include "interface.h"
#include "../modules/sqlite_state.h"

#include <stdlib.h>

/* Status of a program that could not even be started, as CPython's own. */
enum { STATUS_FAILURE = 1 };

/* result<_, failure> in memory. */
typedef struct PrepareResult {
    uint8_t is_error;
    _Alignas(Bytes) uint8_t has_module;
    Bytes module;
    Bytes traceback;
} PrepareResult;

static bool prepared;

/* Memory for the component model, which the caller owns. Aborts when there is none, as the canonical
 * ABI asks: `reserve.c` keeps it from happening. */
__attribute__((export_name("cabi_realloc")))
void *cabi_realloc(void *old, size_t old_size, size_t alignment, size_t new_size) {
    (void)old_size;
    if (new_size == 0) {
        return (void *)alignment;
    }
    void *memory;
    while ((memory = realloc(old, new_size)) == NULL) {
        if (!reserve_give_for_answer()) {
            __builtin_trap();
        }
    }
    return memory;
}

static Bytes text_of(const char *text) {
    size_t length = 0;
    while (text[length] != '\0') {
        length++;
    }
    return (Bytes){text, length};
}

/* The UTF-8 text of a Python string, which must outlive the result; empty when it is none. */
static Bytes text_of_string(PyObject *string) {
    Py_ssize_t length = 0;
    const char *text = PyUnicode_AsUTF8AndSize(string, &length);
    if (text == NULL) {
        PyErr_Clear();
        return (Bytes){"", 0};
    }
    return (Bytes){text, (size_t)length};
}

/* A new tuple of the items, which it takes; NULL when one of them is. */
static PyObject *tuple_of(PyObject **items, Py_ssize_t count) {
    PyObject *tuple = PyTuple_New(count);
    bool complete = tuple != NULL;
    for (Py_ssize_t index = 0; index < count; index++) {
        if (!complete || items[index] == NULL) {
            complete = false;
            Py_DecRef(items[index]);
        } else if (PyTuple_SetItem(tuple, index, items[index]) != 0) {
            complete = false;
        }
    }
    if (!complete) {
        Py_DecRef(tuple);
        return NULL;
    }
    return tuple;
}

/* prepare: func(imports: list<string>, script: option<string>) -> result<_, failure> */
__attribute__((export_name("prepare")))
PrepareResult *prepare(const Bytes *imports, size_t import_count, int32_t has_script,
                       const char *script, size_t script_length) {
    static PrepareResult result;
    const char *message = "the sandbox is prepared already";
    result.is_error = 1;
    if (!prepared) {
        libc_state_learn();
    }
    if (prepared || !interpreter_start(&message)) {
        result.traceback = text_of(message);
        return &result;
    }
    prepared = true;
    result.traceback = text_of("the host bridge could not be installed");
    if (!bridge_install()) {
        return &result;
    }
    if (!nesting_guard()) {
        PyErr_Print();
        result.traceback = text_of("iterators could not be guarded");
        return &result;
    }
    PyObject *items[] = {
        strings_from(imports, import_count),
        has_script != 0 ? string_from((Bytes){script, script_length}) : none(),
        immortal_function(),
    };
    /* The answer is (module or None, traceback or None); it is kept, for its text is returned. */
    PyObject *answer = call("_eryx.prepare", "prepare", tuple_of(items, 3));
    if (answer == NULL) {
        PyErr_Print();
        result.traceback = text_of("the guest's own preparation failed");
        return &result;
    }
    PyObject *module = PyTuple_GetItem(answer, 0);
    PyObject *traceback = PyTuple_GetItem(answer, 1);
    PyObject *nothing = Py_GetConstantBorrowed(PY_CONSTANT_NONE);
    if (traceback != nothing) {
        result.traceback = text_of_string(traceback);
        result.has_module = module != nothing;
        if (result.has_module) {
            result.module = text_of_string(module);
        }
        return &result;
    }
    Py_DecRef(answer);
    interrupt_learn();
    /* What was looked up at bake time only is in the way of what a run looks up. */
    PyType_ClearCache();
    Py_DecRef(call("_eryx.prepare", "finish", tuple_of(NULL, 0)));
    if (PyErr_Occurred() != NULL) {
        PyErr_Print();
        result.traceback = text_of("the guest's own preparation could not be finished");
        return &result;
    }
    sqlite_state_leave();
    libc_state_leave();
    reserve_take();
    holes_fill();
    result.is_error = 0;
    return &result;
}

/* A program's source or name as the Python side takes it: bytes for source text. */
static PyObject *program_text(int32_t kind, Bytes text) {
    switch (kind) {
    case PROGRAM_COMMAND:
        return PyBytes_FromStringAndSize(text.data, (Py_ssize_t)text.length);
    case PROGRAM_STANDARD_INPUT:
    case PROGRAM_PROMPT:
        return none();
    default:
        return string_from(text);
    }
}

/* Calls the Python function that returns an exit status, and reads it. */
static int32_t status_from(const char *function, PyObject *arguments) {
    PyObject *answer = call("_eryx.program", function, arguments);
    if (answer == NULL) {
        PyErr_Print();
        return STATUS_FAILURE;
    }
    long status = PyLong_AsLong(answer);
    Py_DecRef(answer);
    return (int32_t)status;
}

/* The status of what was called, which it takes: 0 unless it raised an exception. */
static int32_t status_of(PyObject *value, bool inspected) {
    if (value != NULL) {
        Py_DecRef(value);
        return 0;
    }
    PyObject *items[] = {PyErr_GetRaisedException(), PyLong_FromLong(inspected)};
    return status_from("report", tuple_of(items, 2));
}

/* Makes `sys.flags` say that the prompt follows the program. */
static void set_inspect_flags(void) {
    PyObject *one = PyLong_FromLong(1);
    if (one == NULL || PyConfig_Set("inspect", one) != 0 || PyConfig_Set("interactive", one) != 0) {
        PyErr_Clear();
    }
    Py_DecRef(one);
}

/* run: func(program: program, arguments: list<list<u8>>, working-directory: string,
 *            flags: run-flags) -> s32
 *
 * The program's code is called from here and not from Python, so that its frame is the outermost
 * one, as it is under python3. */
__attribute__((export_name("run")))
int32_t run(int32_t kind, const char *text, size_t text_length, const Bytes *arguments,
            size_t argument_count, const char *working_directory, size_t working_directory_length,
            int32_t flags) {
    PyObject *directory = NULL;
    if (!prepared ||
        (directory = string_from((Bytes){working_directory, working_directory_length})) == NULL) {
        return STATUS_FAILURE;
    }
    libc_state_enter(text_of_string(directory).data);
    generators_seed();
    interrupt_offer();
    bool edited = (flags & RUN_FLAGS_LINE_EDITOR) != 0;
    if (edited) {
        lines_from_host();
    }
    bool inspected = (flags & RUN_FLAGS_INSPECT) != 0;
    if (inspected) {
        set_inspect_flags();
    }
    PyObject *items[] = {
        PyLong_FromLong(kind),
        program_text(kind, (Bytes){text, text_length}),
        arguments_from(arguments, argument_count),
        directory,
        PyLong_FromLong(edited),
    };
    PyObject *start = call("_eryx.program", "start", tuple_of(items, 5));
    PyObject *value = NULL;
    if (start != NULL) {
        value = PyObject_CallObject(PyTuple_GetItem(start, 0), PyTuple_GetItem(start, 1));
        Py_DecRef(start);
    }
    bool prompted = inspected && kind != PROGRAM_PROMPT;
    int32_t status = status_of(value, prompted);
    if (prompted) {
        PyObject *prompt[] = {PyLong_FromLong(edited)};
        status = status_of(call("_eryx.prompt", "interact", tuple_of(prompt, 1)), false);
    }
    PyObject *finished[] = {PyLong_FromLong(status)};
    return status_from("finish", tuple_of(finished, 1));
}
