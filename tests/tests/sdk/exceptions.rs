//! C++ exceptions: thrown and caught in one library, through a function of C, from one library to another, by the
//! C++ library itself, and never caught.

use eryx_tests::{Output, Run, binaries, project::Project, sdk::sdk, wheels::Wheel};
use std::{fs, sync::OnceLock};

/// What is compiled as C, without a word of exceptions.
const FRAME: &str = r"
int through(int (*function)(int), int argument) { return function(argument) + 1; }
";

const THROWING: &str = r#"
#include <Python.h>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

extern "C" int through(int (*function)(int), int argument);

namespace {

int unwound = 0;

struct Guard {
    ~Guard() { unwound++; }
};

struct Own : std::runtime_error {
    int number;
    explicit Own(int number) : std::runtime_error("own"), number(number) {}
};

int throwing(int number) {
    Guard guard;
    if (number > 0) {
        throw Own(number);
    }
    return number;
}

PyObject *raised(PyObject *kind, const std::exception &error) {
    PyErr_SetString(kind, error.what());
    return nullptr;
}

// By what the C++ library throws where it is inlined, and where it is not.
PyObject *at(PyObject *, PyObject *argument) {
    std::vector<long> numbers{1, 2, 3};
    try {
        return PyLong_FromLong(numbers.at(PyLong_AsSize_t(argument)));
    } catch (const std::out_of_range &error) {
        return raised(PyExc_IndexError, error);
    }
}

PyObject *number(PyObject *, PyObject *argument) {
    try {
        return PyLong_FromLong(std::stoi(PyUnicode_AsUTF8(argument)));
    } catch (const std::invalid_argument &error) {
        return raised(PyExc_ValueError, error);
    } catch (const std::logic_error &error) {
        return raised(PyExc_OverflowError, error);
    }
}

PyObject *frame(PyObject *, PyObject *argument) {
    try {
        return PyLong_FromLong(through(throwing, PyLong_AsLong(argument)));
    } catch (const Own &error) {
        return Py_BuildValue("sii", error.what(), error.number, unwound);
    }
}

PyObject *again(PyObject *, PyObject *) {
    try {
        try {
            throw Own(7);
        } catch (const std::exception &) {
            throw;
        }
    } catch (...) {
        std::exception_ptr kept = std::current_exception();
        try {
            std::rethrow_exception(kept);
        } catch (const std::exception &error) {
            auto own = dynamic_cast<const Own *>(&error);
            return PyLong_FromLong(own ? own->number : -1);
        }
    }
}

PyObject *room(PyObject *, PyObject *argument) {
    try {
        std::vector<char> large(PyLong_AsSize_t(argument), 1);
        return PyLong_FromLong(large.back());
    } catch (const std::bad_alloc &) {
        return PyErr_NoMemory();
    }
}

PyObject *uncaught(PyObject *, PyObject *) { throw Own(1); }

PyObject *terminated(PyObject *, PyObject *) {
    auto end = []() noexcept -> int { return throwing(1); };
    return PyLong_FromLong(end());
}

void for_others(int number) {
    if (number == 1) {
        throw std::runtime_error("from afar");
    }
    throw Own(number);
}

PyObject *shared(PyObject *, PyObject *) {
    return PyCapsule_New(reinterpret_cast<void *>(for_others), "for_others", nullptr);
}

PyMethodDef methods[] = {
    {"at", at, METH_O, nullptr},
    {"number", number, METH_O, nullptr},
    {"frame", frame, METH_O, nullptr},
    {"again", again, METH_NOARGS, nullptr},
    {"room", room, METH_O, nullptr},
    {"uncaught", uncaught, METH_NOARGS, nullptr},
    {"terminated", terminated, METH_NOARGS, nullptr},
    {"shared", shared, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr}};
PyModuleDef module = {PyModuleDef_HEAD_INIT, "throwing", nullptr, -1, methods, nullptr, nullptr, nullptr, nullptr};

}

PyMODINIT_FUNC PyInit_throwing(void) { return PyModule_Create(&module); }
"#;

const CATCHING: &str = r#"
#include <Python.h>
#include <stdexcept>

static PyObject *caught(PyObject *, PyObject *arguments) {
    PyObject *capsule;
    int number;
    if (!PyArg_ParseTuple(arguments, "Oi", &capsule, &number)) {
        return nullptr;
    }
    auto call = reinterpret_cast<void (*)(int)>(PyCapsule_GetPointer(capsule, "for_others"));
    try {
        call(number);
    } catch (const std::logic_error &) {
        return PyUnicode_FromString("another one");
    } catch (const std::runtime_error &error) {
        return PyUnicode_FromString(error.what());
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"caught", caught, METH_VARARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "catching", nullptr, -1, methods, nullptr, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_catching(void) { return PyModule_Create(&module); }
"#;

/// A project whose image has both modules, imported at bake time.
fn project() -> &'static Project {
    static PROJECT: OnceLock<Project> = OnceLock::new();
    PROJECT.get_or_init(|| {
        let manifest = "[packages]\nwheels = [\"wheels/*.whl\"]\n\
                        [preinit]\nimports = [\"throwing\", \"catching\"]\n";
        let mut project = Project::sample(manifest)
            .file("frame.c", FRAME)
            .file("throwing.cpp", THROWING)
            .file("catching.cpp", CATCHING);
        let build = |arguments: &[&str]| {
            let run = sdk([arguments, &["-O2"]].concat());
            assert_eq!(run.folder(project.folder()).run().ok(), "");
        };
        let library = |name: &str| format!("{name}.cpython-314-wasm32-wasi.so");
        build(&["cc", "--", "-c", "frame.c", "-o", "frame.o"]);
        let [throwing, catching] = ["throwing", "catching"].map(library);
        let sources = ["throwing.cpp", "frame.o", "-o", &throwing];
        build(&[&["c++", "--", "-shared"], &sources[..]].concat());
        build(&["c++", "--", "-shared", "catching.cpp", "-o", &catching]);
        for name in ["throwing", "catching"] {
            let bytes = fs::read(project.path(&library(name))).expect("a library is there");
            let wheel = Wheel::new(name).tag("cp314-cp314-wasi_wasm32");
            project = project.wheel(&wheel.file(&library(name), bytes));
        }
        project.bake_fused();
        project
    })
}

fn run(options: &[&str], source: &str) -> Output {
    Run::new(&binaries().eryx_run)
        .args(options)
        .arg(project().image())
        .args(["-c", &format!("import throwing, catching\n{source}")])
        .run()
}

#[test]
fn what_the_library_throws_is_caught() {
    let source = "
print(throwing.at(2))
for call, argument in [
    (throwing.at, 3), (throwing.number, 'x'), (throwing.number, '9' * 99), (throwing.room, 1 << 30),
]:
    try: call(argument)
    except Exception as error: print(type(error).__name__, error)
print(throwing.number('42'), throwing.room(1000))
";
    let expected = "3\nIndexError vector\nValueError stoi: no conversion\n\
                    OverflowError stoi: out of range\nMemoryError \n42 1\n";
    assert_eq!(run(&["--memory", "128MiB"], source).ok(), expected);
}

/// Destructors run on the way, and C between is none's concern.
#[test]
fn they_pass_through_c() {
    let source = "print(throwing.frame(0), throwing.frame(5), throwing.again())";
    assert_eq!(run(&[], source).ok(), "1 ('own', 5, 2) 7\n");
}

/// Each library has its own copy of what describes a type.
#[test]
fn one_library_catches_what_another_throws() {
    let source = "
shared = throwing.shared()
print(catching.caught(shared, 1), catching.caught(shared, 2))
";
    assert_eq!(run(&[], source).ok(), "from afar own\n");
}

#[test]
fn one_that_nothing_catches_ends_the_program() {
    let output = run(&[], "print('before', flush=True)\nthrowing.uncaught()");
    assert!(output.refused(126).contains("that nothing caught"));
    assert_eq!(output.out(), "before\n");
    let output = run(&[], "throwing.terminated()");
    assert_eq!(output.status, 126, "{output}");
    assert!(output.err().contains("terminating"), "{output}");
}

/// A library whose C++ throws nothing has no need of it.
#[test]
fn without_exceptions_the_library_of_the_runtime_is_used() {
    let source = "#include <string>\nextern \"C\" __attribute__((visibility(\"default\")))\n\
                  const char *f(int a) {\n static std::string s; s = std::to_string(a); return s.c_str(); }\n";
    let project = Project::sample("").file("plain.cpp", source);
    let size = |more: &str| {
        let arguments = [
            "c++",
            "--",
            "-O2",
            "-shared",
            more,
            "plain.cpp",
            "-o",
            "plain.so",
        ];
        assert_eq!(sdk(arguments).folder(project.folder()).run().ok(), "");
        fs::read(project.path("plain.so")).expect("a library is there")
    };
    let needs = |library: &[u8]| library.windows(9).any(|window| window == b"libc++.so");
    assert!(needs(&size("-fno-exceptions")));
    assert!(!needs(&size("-fexceptions")));
}
