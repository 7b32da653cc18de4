//! Packages whose build is CMake's or Meson's: what these find out about the sandbox, and what comes of it.

use eryx_tests::{eryx_run, project::Project, python, sdk::sdk};
use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

/// pip, the backends, and what they run.
const TOOLS: [&str; 9] = [
    "pip==26.3",
    "scikit-build-core==1.1.2",
    "cmake==4.4.5",
    "ninja==1.13.2",
    "meson==1.12.1",
    "meson-python==0.22.1",
    "pyproject-metadata==0.12.1",
    "packaging==26.4",
    "pathspec==1.1.1",
];

/// A module in C, and a function in C++ that it calls, out of two sources with a header.
pub(crate) const MODULE: &str = r#"
#include <Python.h>
#include "more.h"

static PyObject *twice(PyObject *module, PyObject *number) {
    return PyLong_FromLong(more((int)PyLong_AsLong(number)));
}
static PyMethodDef methods[] = {{"twice", twice, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "counter", NULL, 0, methods};
PyMODINIT_FUNC PyInit_counter(void) { return PyModuleDef_Init(&definition); }
"#;
pub(crate) const MORE: &str = "#include \"more.h\"\nint more(int number) { return 2 * number; }\n";
pub(crate) const HEADER: &str = "\
#ifdef __cplusplus
extern \"C\"
#endif
int more(int number);
";

/// Its search for modules is its own, which is how projects keep the SDK's from being found.
const CMAKE: &str = r#"
cmake_minimum_required(VERSION 3.15...4.2)
project(gears LANGUAGES C CXX)
set(CMAKE_MODULE_PATH "${CMAKE_CURRENT_SOURCE_DIR}/none")
find_package(Python 3.10 REQUIRED COMPONENTS Interpreter Development.Module)
find_package(Python3 REQUIRED COMPONENTS Interpreter Development)
include(CheckFunctionExists)
include(CheckCSourceRuns)
check_function_exists(getpid HAVE_GETPID)
check_function_exists(fork HAVE_FORK)
check_c_source_runs("int main(void) { return 0; }" IT_RUNS)
find_package(ZLIB)
find_library(LIBRARY_OF_MACHINE NAMES z c)
find_program(SHELL sh)
message(STATUS "the build found: ${CMAKE_SYSTEM_NAME} ${CMAKE_SIZEOF_VOID_P} python ${Python_VERSION_MAJOR}.${Python_VERSION_MINOR}"
               " ${Python_SOABI}, getpid '${HAVE_GETPID}', fork '${HAVE_FORK}', runs '${IT_RUNS}', zlib '${ZLIB_FOUND}',"
               " library '${LIBRARY_OF_MACHINE}', shell '${SHELL}'")
Python_add_library(counter MODULE counter.c more.cpp WITH_SOABI)
Python3_add_library(stable MODULE USE_SABI 3.12 WITH_SOABI stable.c)
install(TARGETS counter stable DESTINATION gears)
"#;

/// A module of the stable ABI.
const STABLE: &str = r#"
#include <Python.h>
#if Py_LIMITED_API != 0x030c0000
#error another version
#endif
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "stable", NULL, 0, NULL};
PyMODINIT_FUNC PyInit_stable(void) { return PyModuleDef_Init(&definition); }
"#;

pub(crate) const MESON: &str = r#"
project('levers', 'c', 'cpp', version: '1.0', default_options: ['buildtype=release'])
python = import('python').find_installation(pure: false)
compiler = meson.get_compiler('c')
zlib = dependency('zlib', required: false)
message('the build found: @0@ @1@ python @2@, getpid @3@, fork @4@, zlib @5@'.format(
  host_machine.system(), compiler.sizeof('void *'), python.language_version(),
  compiler.has_function('getpid'), compiler.has_function('fork'), zlib.found()))
python.extension_module('counter', 'counter.c', 'more.cpp', subdir: 'levers', install: true,
  dependencies: [compiler.find_library('m', required: false), dependency('threads', required: false)])
python.install_sources('__init__.py', subdir: 'levers')
"#;

/// What a build said, and the wheel that it made.
struct Built {
    log: String,
    wheel: PathBuf,
    /// Keeps the wheel.
    _project: Project,
}

/// A project with the module's sources.
fn project(name: &str, backend: &str) -> Project {
    let settings = format!(
        "[build-system]\nrequires = []\nbuild-backend = \"{backend}\"\n[project]\nname = \"{name}\"\nversion = \"1.0\"\n"
    );
    Project::new("")
        .file("pyproject.toml", settings)
        .file("counter.c", MODULE)
        .file("more.cpp", MORE)
        .file("more.h", HEADER)
}

/// Builds a project as a person does.
fn build(project: Project, settings: &[&str]) -> Built {
    let tools = python::packages(&TOOLS);
    let mut path = tools.join("bin").into_os_string();
    path.push(":");
    path.push(env::var_os("PATH").unwrap_or_default());
    let output = sdk(["env", "--", "python3", "-m", "pip", "wheel", "--verbose"])
        .args(["--no-deps", "--no-build-isolation", "--no-cache-dir"])
        .args(["--wheel-dir", "dist", "."])
        .args(settings)
        .env("PYTHONPATH", &tools)
        .env("PATH", path)
        .folder(project.folder())
        .merged()
        .run();
    assert_eq!(output.status, 0, "{output}");
    let dist = fs::read_dir(project.path("dist")).expect("a wheel is made");
    let made: Vec<PathBuf> = dist
        .map(|entry| entry.expect("the folder is readable").path())
        .collect();
    let retagged = sdk(["retag"]).args(&made).run().ok();
    Built {
        log: output.out().into_owned(),
        wheel: PathBuf::from(retagged.trim()),
        _project: project,
    }
}

static OF_CMAKE: LazyLock<Built> = LazyLock::new(|| {
    let project = project("gears", "scikit_build_core.build")
        .file("CMakeLists.txt", CMAKE)
        .file("stable.c", STABLE)
        .file("gears/__init__.py", "");
    build(project, &[])
});

static OF_MESON: LazyLock<Built> = LazyLock::new(|| {
    let project = project("levers", "mesonpy")
        .file("meson.build", MESON)
        .file("__init__.py", "");
    build(
        project,
        &["--config-settings=setup-args=--cross-file=wasm32-wasi"],
    )
});

/// The line in which a build says what it found.
fn found(built: &Built) -> &str {
    let line = built
        .log
        .lines()
        .find(|line| line.contains("the build found: "));
    line.unwrap_or_else(|| panic!("{}", built.log)).trim()
}

/// Nothing of the machine but its programs.
#[test]
fn cmake_finds_the_sandbox() {
    let found = found(&OF_CMAKE);
    for words in [
        "WASI 4 python 3.14 cpython-314-wasm32-wasi",
        "getpid '1', fork '', runs '', zlib 'FALSE', library 'LIBRARY_OF_MACHINE-NOTFOUND'",
    ] {
        assert!(found.contains(words), "{found}");
    }
    assert!(found.ends_with("/sh'"), "{found}");
}

#[test]
fn meson_finds_the_sandbox() {
    let found = found(&OF_MESON);
    let expected = "wasi 4 python 3.14, getpid true, fork false, zlib false";
    assert!(found.ends_with(expected), "{found}");
}

#[test]
fn modules_of_both_work_in_one_image() {
    let name = |wheel: &Path| {
        let name = wheel.file_name().expect("a wheel has a name");
        name.to_str().expect("it is text").to_owned()
    };
    let mut project = Project::sample(
        "[packages]\nwheels = [\"*.whl\"]\n[preinit]\nimports = [\"gears.counter\"]\n",
    );
    for built in [&*OF_CMAKE, &*OF_MESON] {
        let bytes = fs::read(&built.wheel).expect("a wheel is readable");
        project = project.file(&name(&built.wheel), bytes);
    }
    project.bake().arg("--quiet").run().ok();
    let program = "\
import gears.counter, gears.stable, levers.counter
print(gears.counter.twice(21), levers.counter.twice(4), gears.stable.__file__.rpartition('/')[2])";
    let output = eryx_run(&project.image()).args(["-c", program]).run();
    assert_eq!(output.ok(), "42 8 stable.abi3.so\n");
}

/// A project for CMake that is no package.
#[test]
fn cmake_builds_without_a_backend() {
    let project = Project::new("")
        .file(
            "CMakeLists.txt",
            "cmake_minimum_required(VERSION 3.24)\nproject(a C)\nadd_library(a SHARED a.c)\n",
        )
        .file("a.c", "int one(void) { return 1; }\n");
    let tools = python::packages(&TOOLS);
    let script = "cmake -G Ninja -S . -B made && cmake --build made && test -f made/liba.so";
    let mut path = tools.join("bin").into_os_string();
    path.push(":");
    path.push(env::var_os("PATH").unwrap_or_default());
    let output = sdk(["env", "--", "sh", "-c", script])
        .env("PYTHONPATH", &tools)
        .env("PATH", path)
        .folder(project.folder())
        .run();
    assert_eq!(output.status, 0, "{output}");
    let library = fs::read(project.path("made/liba.so")).expect("a library is there");
    assert!(library.starts_with(b"\0asm"));
}
