//! WebAssembly exceptions, which the engine does not have: the library that uses them is named, and what to do.

use eryx_tests::{project::Project, wheels::Wheel};

/// What is said of a module of Python whose initialisation has this body, which throws and catches.
fn refusal(body: &str) -> String {
    let library = wat::parse_str(format!(
        r#"(module
            (@dylink.0 (mem-info (memory 0 0)) (needed "libc.so"))
            (import "env" "memory" (memory 1))
            (tag $exception (param i32))
            (func (export "PyInit_thrower") (result i32) {body}))"#
    ))
    .expect("the text is WebAssembly");
    let wheel = Wheel::new("thrower")
        .tag("cp314-cp314-wasi_wasm32")
        .file("thrower.cpython-314-wasm32-wasi.so", library);
    Project::with_wheels(&[&wheel]).refused()
}

#[track_caller]
fn check(message: &str) {
    for word in [
        "/site-packages/thrower.cpython-314-wasm32-wasi.so",
        "exception",
        "-fno-exceptions",
        "ERYX_SDK_EXCEPTIONS=abort",
    ] {
        assert!(message.contains(word), "{word:?} is not said in {message}");
    }
    assert_eq!(message.lines().count(), 1, "{message}");
}

/// As compilers write them by the standard.
#[test]
fn they_are_refused_with_references() {
    check(&refusal(
        "(block $caught (result i32)
            (try_table (catch $exception $caught) (throw $exception (i32.const 0)))
            (unreachable))",
    ));
}

/// As compilers wrote them before.
#[test]
fn they_are_refused_in_the_legacy_encoding() {
    check(&refusal(
        "try (result i32)
            i32.const 0
            throw $exception
        catch $exception
        end",
    ));
}
