//! Linking: nothing but what the sandbox has.

use eryx_tests::{Output, eryx_run, project::Project, sdk::sdk};
use std::fs;

/// Runs a command of the SDK in a project's folder.
fn run(project: &Project, arguments: &[&str]) -> Output {
    sdk(arguments).folder(project.folder()).run()
}

/// Builds ask what there is by linking a program that calls it.
#[test]
fn programs_are_linked_when_the_sandbox_has_what_they_call() {
    for (function, flag, expected) in [
        ("getpid", "-lm", 0),
        ("cos", "-lm", 0),
        ("clock_gettime", "-lrt", 0),
        ("mmap", "-lc", 0),
        ("fork", "-lm", 1),
        ("pidfd_open", "-lm", 1),
        ("deflateInit_", "-lz", 1),
        ("dlopen", "-ldl", 0),
    ] {
        let program = format!("char {function}();\nint main(void) {{ return {function}(); }}\n");
        let project = Project::new("").file("conftest.c", program);
        let arguments = [
            "cc",
            "--",
            "-w",
            "-fno-builtin",
            "-o",
            "conftest",
            "conftest.c",
            flag,
        ];
        let output = run(&project, &arguments);
        assert_eq!(output.status, expected, "{function}\n{output}");
        assert_eq!(
            project.path("conftest").exists(),
            expected == 0,
            "{function}"
        );
    }
}

#[test]
fn symbols_that_nobody_has_are_named_and_nothing_is_written() {
    let project = Project::new("").file(
        "module.c",
        "int fork(void);\nint elsewhere(void);\n\
         __attribute__((visibility(\"default\"))) int f(void) { return fork() + elsewhere(); }\n",
    );
    let output = run(
        &project,
        &["cc", "--", "-shared", "module.c", "-o", "module.so"],
    );
    assert_eq!(output.status, 1, "{output}");
    for word in ["module.so", "`elsewhere`", "`fork`", "processes"] {
        assert!(output.err().contains(word), "{output}");
    }
    assert_eq!(output.err().lines().count(), 1, "{output}");
    assert!(!project.path("module.so").exists());
    // Unless that is asked for: another library may have them when the image is baked.
    let arguments = [
        "cc",
        "--",
        "-shared",
        "module.c",
        "-o",
        "module.so",
        "-Wl,--allow-undefined",
    ];
    assert_eq!(run(&project, &arguments).ok(), "");
}

/// Static libraries of one's own are found with `-L`; those of the machine are not.
#[test]
fn libraries_for_the_sandbox_are_found() {
    let project = Project::new("")
        .file("add.c", "int add(int a, int b) { return a + b; }\n")
        .file("machine/libadd.a", "!<arch>\n")
        .file(
            "module.c",
            "int add(int, int);\n__attribute__((visibility(\"default\"))) int f(void) { return add(1, 2); }\n",
        );
    assert_eq!(run(&project, &["cc", "--", "-c", "add.c"]).ok(), "");
    fs::create_dir(project.path("lib")).expect("a folder is made");
    assert_eq!(
        run(&project, &["ar", "--", "rcs", "lib/libadd.a", "add.o"]).ok(),
        ""
    );
    let link = [
        "cc",
        "--",
        "-shared",
        "module.c",
        "-Lmachine",
        "-o",
        "module.so",
        "-ladd",
    ];
    let output = run(&project, &link);
    assert_eq!(output.status, 1, "{output}");
    assert!(output.err().contains("no library `add`"), "{output}");
    assert_eq!(run(&project, &[&link[..], &["-Llib"]].concat()).ok(), "");
}

#[test]
fn the_same_sources_give_the_same_bytes_in_every_folder() {
    let build = || {
        let project = Project::new("").file(
            "module.c",
            "#include <stdio.h>\n__attribute__((visibility(\"default\"))) int f(void) { return puts(__FILE__); }\n",
        );
        let source = project.path("module.c");
        let source = source.to_str().expect("the path is text");
        let arguments = [
            "cc",
            "--",
            "-g",
            "-O2",
            "-shared",
            source,
            "-o",
            "module.so",
        ];
        assert_eq!(run(&project, &arguments).ok(), "");
        fs::read(project.path("module.so")).expect("a library is there")
    };
    assert_eq!(build(), build());
}

const THROWING: &str = r#"
#include <Python.h>
#include <map>
#include <string>
#include <vector>

static PyObject *count(PyObject *, PyObject *text) {
    std::map<std::string, int> counts;
    std::string word = PyUnicode_AsUTF8(text);
    for (char one : word) {
        try {
            counts[std::string(1, one)]++;
            if (one == '!') {
                throw std::string("an exclamation");
            }
        } catch (const std::string &) {
            return PyLong_FromLong(-1);
        }
    }
    std::vector<int> all;
    for (auto &entry : counts) {
        all.push_back(entry.second);
    }
    return PyLong_FromSize_t(all.size());
}

static PyMethodDef methods[] = {{"count", count, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "letters", nullptr, -1, methods, nullptr, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_letters(void) { return PyModule_Create(&module); }
"#;

/// Code that handles exceptions works as long as none is thrown, and says so when one is.
#[test]
fn a_throw_ends_the_program_where_that_is_chosen() {
    let project =
        Project::sample("[packages]\nwheels = [\"wheels/*.whl\"]\n").file("letters.cpp", THROWING);
    let name = "letters.cpython-314-wasm32-wasi.so";
    let output = sdk(["c++", "--", "-O2", "-shared", "letters.cpp", "-o", name])
        .env("ERYX_SDK_EXCEPTIONS", "abort")
        .folder(project.folder())
        .run();
    assert_eq!(output.ok(), "");
    let library = fs::read(project.path(name)).expect("a library is there");
    let wheel = eryx_tests::wheels::Wheel::new("letters")
        .tag("cp314-cp314-wasi_wasm32")
        .file(name, library);
    let project = project.wheel(&wheel);
    project.bake_fused();
    let call = |text: &str| {
        let source = format!("import letters; print(letters.count('{text}'), flush=True)");
        eryx_run(&project.image()).args(["-c", &source]).run()
    };
    assert_eq!(call("banana").ok(), "3\n");
    let output = call("stop!");
    assert_eq!(
        (output.status, output.out().as_ref()),
        (126, ""),
        "{output}"
    );
    assert!(
        output.err().contains("a C++ exception was thrown"),
        "{output}"
    );
}
