/* Iterators around iterators.
 *
 * `map(str, map(str, …))` takes each item from the iterator within, by a call of C that CPython doesn't count. Deep
 * chains of them used up the stack, on any system. Here each of these types looks at what is left of the stack before
 * it goes on, as CPython's other recursions do, and raises RecursionError. */
#include "guest.h"

#include <string.h>

typedef PyObject *(*NextFunction)(PyObject *iterator);

/* Where a type keeps its `tp_iternext`, in pointers from its start: the struct is that of CPython 3.14 with pointers
 * of 4 bytes. It is compared with what CPython says before anything is written. */
enum { ITERNEXT = 28 };

/* Types that take items from an iterator that they were given, or call something that does. */
#define EACH_TYPE(use)                                                                                           \
    use("builtins", enumerate) use("builtins", filter) use("builtins", map) use("builtins", zip)                 \
    use("itertools", accumulate) use("itertools", batched) use("itertools", chain)                               \
    use("itertools", compress) use("itertools", cycle) use("itertools", dropwhile)                               \
    use("itertools", filterfalse) use("itertools", groupby) use("itertools", islice)                             \
    use("itertools", pairwise) use("itertools", starmap) use("itertools", takewhile)                             \
    use("itertools", zip_longest)

/* CPython's function of each type, and ours that calls it. CPython's guard watches the stack in linear memory, of
 * which some of these functions use nothing: ours use some, so that the guard is hit before the engine's stack ends. */
#define DEFINE(module, name)                                                                                     \
    static NextFunction original_##name;                                                                         \
    static PyObject *next_of_##name(PyObject *iterator) {                                                        \
        volatile int on_the_stack = 0;                                                                           \
        (void)on_the_stack;                                                                                      \
        if (Py_EnterRecursiveCall(" in " #name) != 0) {                                                          \
            return NULL;                                                                                         \
        }                                                                                                        \
        PyObject *item = original_##name(iterator);                                                              \
        Py_LeaveRecursiveCall();                                                                                 \
        return item;                                                                                             \
    }
EACH_TYPE(DEFINE)

typedef struct GuardedType {
    const char *module;
    const char *name;
    NextFunction *original;
    NextFunction guarded;
} GuardedType;

#define LIST(module, name) {module, #name, &original_##name, next_of_##name},
static const GuardedType types[] = {EACH_TYPE(LIST)};

/* Puts the function that looks in the place of the type's own. False with an exception set. */
static bool guard(const GuardedType *guarded) {
    PyObject *module = PyImport_ImportModule(guarded->module);
    PyObject *type = module == NULL ? NULL : PyObject_GetAttrString(module, guarded->name);
    Py_DecRef(module);
    if (type == NULL) {
        return false;
    }
    NextFunction *slot = (NextFunction *)type + ITERNEXT;
    NextFunction original = (NextFunction)PyType_GetSlot(type, PY_TP_ITERNEXT);
    /* Otherwise the struct is another one: then the type is left alone. */
    if (original != NULL && *slot == original) {
        *guarded->original = original;
        *slot = guarded->guarded;
    }
    Py_DecRef(type);
    return PyErr_Occurred() == NULL;
}

bool nesting_guard(void) {
    for (size_t index = 0; index < sizeof types / sizeof *types; index++) {
        if (!guard(&types[index])) {
            return false;
        }
    }
    return true;
}
