//! Functions that take less than Python gives them, as native machines allow.

use eryx_tests::{eryx_run, project::Project, sdk::sdk, wheels::Wheel};
use std::fs;

const MODULE: &str = r#"
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *value;
} Box;

static PyObject *answer(PyObject *module) { return PyLong_FromLong(module ? 42 : 0); }
static PyObject *both(PyObject *module, PyObject *arguments) { return Py_NewRef(arguments); }
static PyObject *size(Box *box) { return PyLong_FromLong(box->value != NULL); }
static PyObject *get(Box *box) { return Py_NewRef(box->value ? box->value : Py_None); }
static int set(Box *box, PyObject *value) {
    Py_XSETREF(box->value, Py_XNewRef(value));
    return 0;
}
static int traverse(Box *box, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(box));
    Py_VISIT(box->value);
    return 0;
}
static void clear(Box *box) { Py_CLEAR(box->value); }
static PyObject *call(Box *box, PyObject *arguments) { return PyObject_Repr(arguments); }
static void dealloc(Box *box) {
    PyTypeObject *type = Py_TYPE(box);
    PyObject_GC_UnTrack(box);
    clear(box);
    type->tp_free(box);
    Py_DECREF(type);
}

static PyMethodDef box_methods[] = {{"size", (PyCFunction)size, METH_NOARGS, NULL}, {NULL}};
static PyGetSetDef box_values[] = {{"value", (getter)get, (setter)set, "what is in it", NULL}, {NULL}};
static PyType_Slot slots[] = {
    {Py_tp_methods, box_methods}, {Py_tp_getset, box_values}, {Py_tp_traverse, traverse},
    {Py_tp_clear, clear},         {Py_tp_dealloc, dealloc},   {Py_tp_call, call},
    {0, NULL},
};
static PyType_Spec spec = {"box.Box", sizeof(Box), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, slots};

static PyMethodDef methods[] = {
    {"answer", (PyCFunction)answer, METH_NOARGS, "Takes nothing."},
    {"both", (PyCFunction)both, METH_VARARGS | METH_KEYWORDS, NULL},
    {NULL, NULL, 0, NULL},
};
static int fill(PyObject *module) {
    PyObject *type = PyType_FromSpec(&spec);
    return type ? PyModule_Add(module, "Box", type) : -1;
}
static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, fill}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "box", NULL, 0, methods, module_slots};
PyMODINIT_FUNC PyInit_box(void) { return PyModuleDef_Init(&definition); }
"#;

const PROGRAM: &str = "
import box, gc
print(box.answer(), box.both(1, 2, key=3))
one = box.Box()
print(one.value, one.size(), one(7))
one.value = one
print(one.value is one, one.size())
del one
print(gc.collect() > 0)
";

#[test]
fn they_are_called_with_what_they_take() {
    let name = "box.cpython-314-wasm32-wasi.so";
    let project =
        Project::sample("[packages]\nwheels = [\"wheels/*.whl\"]\n").file("box.c", MODULE);
    for optimisation in ["-O0", "-O2"] {
        let output = sdk(["cc", "--", optimisation, "-shared", "box.c", "-o", name])
            .folder(project.folder())
            .run();
        assert_eq!(output.status, 0, "{output}");
    }
    let library = fs::read(project.path(name)).expect("a library is there");
    let wheel = Wheel::new("box")
        .tag("cp314-cp314-wasi_wasm32")
        .file(name, library);
    let project = project.wheel(&wheel);
    project.bake().arg("--quiet").run().ok();
    let output = eryx_run(&project.image()).args(["-c", PROGRAM]).run();
    assert_eq!(output.ok(), "42 (1, 2)\nNone 0 (7,)\nTrue 1\nTrue\n");
}
