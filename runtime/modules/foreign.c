/* The module `_eryx_foreign`: memory by address and calls by address, of which the package `_ctypes` makes
 * the objects that `ctypes` has. */
#include "foreign.h"

static int add_number(PyObject *module, const char *name, unsigned long number) {
    PyObject *object = PyLong_FromUnsignedLong(number);
    int status = PyModule_AddObjectRef(module, name, object);
    Py_DecRef(object);
    return status;
}

static int execute(PyObject *module) {
    int status = add_number(module, "RESULT", (uintptr_t)&foreign_result);
    if (status == 0) {
        status = add_number(module, "FIRST_OF_PYTHON", FOREIGN_FIRST_OF_PYTHON);
    }
    PyMethodDef *const functions[] = {
        foreign_memory_functions, foreign_argument_functions, foreign_value_functions,
        foreign_function_functions, foreign_call_functions,
    };
    for (size_t index = 0; status == 0 && index < sizeof functions / sizeof *functions; index++) {
        status = PyModule_AddFunctions(module, functions[index]);
    }
    return status;
}

static PyModuleDef_Slot slots[] = {
    {PY_MOD_EXEC, execute},
    {0, NULL},
};

static PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "_eryx_foreign",
    .m_doc = "Memory and functions by their addresses.",
    .m_slots = slots,
};

PyObject *eryx_foreign_module(void) {
    return PyModuleDef_Init(&definition);
}
