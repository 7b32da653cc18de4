//! Compiling: what fits the sandbox, whatever the machine.

use eryx_tests::{Output, project::Project, sdk::sdk};

/// Compiles `source.c`, or `source.cpp`, with more arguments, in a folder with these files.
fn compile(program: &str, files: &[(&str, &str)], arguments: &[&str]) -> (Project, Output) {
    let mut project = Project::new("");
    for (name, text) in files {
        project = project.file(name, text);
    }
    let run = sdk([program, "--"])
        .args(arguments)
        .folder(project.folder());
    let output = run.run();
    (project, output)
}

/// Headers of another Python and of the machine are left out, wherever a build names them.
#[test]
fn headers_are_those_of_the_sandbox() {
    let source = "\
#include <Python.h>
#include <limits.h>
#if PY_VERSION_HEX < 0x030e0000 || PY_VERSION_HEX >= 0x030f0000
#error another Python
#endif
#ifdef HAVE_FORK
#error another configuration
#endif
_Static_assert(sizeof(void *) == 4 && SIZEOF_VOID_P == 4, \"another machine\");
_Static_assert(SIZEOF_LONG == sizeof(long) && SIZEOF_SIZE_T == sizeof(size_t), \"sizes\");
_Static_assert(SIZEOF_TIME_T == sizeof(time_t) && SIZEOF_OFF_T == sizeof(off_t), \"sizes\");
_Static_assert(SIZEOF_WCHAR_T == sizeof(wchar_t) && SIZEOF_DOUBLE == sizeof(double), \"sizes\");
_Static_assert(ALIGNOF_LONG == _Alignof(long), \"alignment\");
";
    let other = "#error headers of another Python\n";
    let (_project, output) = compile(
        "cc",
        &[
            ("source.c", source),
            ("python3.9/Python.h", other),
            ("python3.9/pyconfig.h", other),
            ("python3.9/internal/pycore_code.h", other),
        ],
        &[
            "-Ipython3.9",
            "-I",
            "python3.9/internal",
            "-isystem",
            "/usr/include",
            "-I/usr/local/include",
            "-Wall",
            "-Werror",
            "-c",
            "source.c",
        ],
    );
    assert_eq!(output.ok(), "");
}

/// What builds on this machine ask of its compiler.
#[test]
fn flags_of_the_machine_are_left_out() {
    let (project, output) = compile(
        "cc",
        &[("source.c", "int answer(void) { return 42; }\n")],
        &[
            "-g",
            "-O3",
            "-march=native",
            "-m64",
            "-fstack-protector-strong",
            "-flto",
            "-fcf-protection",
            "-Wp,-D_FORTIFY_SOURCE=2",
            "-pthread",
            "-Wl,-z,relro",
            "-fno-plt",
            "-arch",
            "arm64",
            "-Werror",
            "-c",
            "source.c",
            "-o",
            "out.o",
        ],
    );
    assert_eq!(output.ok(), "");
    let object = std::fs::read(project.path("out.o")).expect("an object is there");
    assert!(object.starts_with(b"\0asm"));
}

/// What make and ninja want to know of headers, in the spellings of CMake, Meson and people.
#[test]
fn headers_are_noted() {
    for (arguments, note, object) in [
        (
            &["-MD", "-MT", "b.o", "-MF", "b.o.d", "-o", "b.o", "-c"][..],
            "b.o.d",
            "b.o",
        ),
        (
            &["-MMD", "-MQ", "b.o", "-MF", "b.d", "-o", "b.o", "-c"],
            "b.d",
            "b.o",
        ),
        (&["-MD", "-c"], "source.d", "source.o"),
    ] {
        let (project, output) = compile(
            "cc",
            &[
                ("source.c", "#include \"own.h\"\n#include <stdio.h>\n"),
                ("own.h", "int f(void);\n"),
            ],
            &[arguments, &["source.c"]].concat(),
        );
        assert_eq!(output.ok(), "");
        let text = std::fs::read_to_string(project.path(note)).expect("it is noted");
        assert!(text.starts_with(&format!("{object}: source.c")), "{text}");
        assert!(text.contains("own.h"), "{text}");
        assert_eq!(
            text.contains("stdio.h"),
            arguments.contains(&"-MD"),
            "{text}"
        );
        let bytes = std::fs::read(project.path(object)).expect("an object is there");
        assert!(bytes.starts_with(b"\0asm"));
    }
}

#[test]
fn an_error_in_the_source_is_told_with_a_status() {
    let (_project, output) = compile(
        "cc",
        &[("source.c", "int f(void) { return x; }\n")],
        &["-c", "source.c"],
    );
    assert_ne!(output.status, 0, "{output}");
    assert!(
        output.err().contains("source.c:1") && output.err().contains("'x'"),
        "{output}"
    );
}

#[test]
fn the_compiler_tells_what_it_is() {
    let ask = |argument: &str| sdk(["cc", "--", argument]).run();
    assert!(ask("--version").ok().starts_with("clang version "));
    assert_eq!(ask("-dumpmachine").ok(), "wasm32-wasi\n");
    // Build tools tell linkers apart by this.
    assert!(ask("-Wl,--version").ok().starts_with("LLD "));
}

#[test]
fn exceptions_where_there_are_none_are_refused_in_one_sentence() {
    let source = "int f(int a) { if (a) throw 1; return 0; }\n";
    let arguments = ["-fno-exceptions", "-c", "source.cpp"];
    let (_project, output) = compile("c++", &[("source.cpp", source)], &arguments);
    assert_eq!(output.status, 1, "{output}");
    let err = output.err();
    let last = err.lines().last().unwrap_or_default();
    for word in [
        "error: ",
        "C++ exceptions",
        "-fno-exceptions",
        "ERYX_SDK_EXCEPTIONS",
    ] {
        assert!(last.contains(word), "{output}");
    }
}

#[test]
fn a_wrong_choice_of_exceptions_is_named() {
    let output = sdk(["cc", "--", "-c", "x.c"])
        .env("ERYX_SDK_EXCEPTIONS", "yes")
        .run();
    assert_eq!(output.status, 1, "{output}");
    for word in ["ERYX_SDK_EXCEPTIONS", "`throw`", "`refuse`", "`abort`"] {
        assert!(output.err().contains(word), "{output}");
    }
}
