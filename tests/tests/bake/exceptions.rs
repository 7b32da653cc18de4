//! WebAssembly exceptions in native libraries: thrown, caught, shared between libraries, never caught, and more of
//! them than memory would hold.

use eryx_tests::{
    Output, Run, binaries,
    exceptions::{OWN, SHARED, throws, wheel},
    project::Project,
};

/// What a program prints that imports a module and prints its constant.
fn run(project: &Project, options: &[&str], name: &str) -> Output {
    let source = format!("import {name}; print({name}.value)");
    Run::new(&binaries().eryx_run)
        .args(options)
        .arg(project.image())
        .args(["-c", &source])
        .run()
}

/// Ten million of them would fill the memory several times.
#[test]
fn memory_is_used_again() {
    let project = Project::with_wheels(&[&wheel("thrower", SHARED, &throws(10_000_000))]);
    project.bake_fused();
    let output = run(&project, &["--memory", "48MiB"], "thrower");
    assert_eq!(output.ok(), "20000000\n");
}

/// The snapshot of a module that threw while it was imported at bake time.
#[test]
fn they_are_thrown_at_bake_time() {
    let lines = "[packages]\nwheels = [\"wheels/*.whl\"]\n[preinit]\nimports = [\"thrower\"]\n";
    let project = Project::sample(lines).wheel(&wheel("thrower", SHARED, &throws(1000)));
    project.bake_fused();
    assert_eq!(run(&project, &[], "thrower").ok(), "2000\n");
}

/// One library throws, another one catches.
#[test]
fn one_library_catches_what_another_throws() {
    let functions = r#"
        (func (export "throw_it") (throw $exception (i32.const 42)))
        (func $value (result i32) (i32.const 1))"#;
    let thrower = wheel("thrower", SHARED, functions);
    let imports = format!(r#"{SHARED} (import "env" "throw_it" (func $throw))"#);
    let functions = "
        (func $value (result i32) (block $caught (result i32)
            (try_table (catch $exception $caught) (call $throw)) (unreachable)))";
    let catcher = wheel("catcher", &imports, functions);
    let project = Project::with_wheels(&[&thrower, &catcher]);
    project.bake_fused();
    assert_eq!(run(&project, &[], "catcher").ok(), "42\n");
}

/// A throw that nothing catches.
const UNCAUGHT: &str = "(func $value (result i32) (throw $exception (i32.const 1)))";

/// The program ends, with what it printed before.
#[test]
fn one_that_nothing_catches_ends_the_program() {
    let project = Project::with_wheels(&[&wheel("thrower", SHARED, UNCAUGHT)]);
    project.bake_fused();
    let source = "print('before')\ntry:\n    import thrower\nexcept BaseException: pass\n";
    let output = eryx_tests::eryx_run(&project.image())
        .args(["-c", source])
        .run();
    let message = output.refused(126);
    assert_eq!(output.out(), "before\n");
    assert!(message.contains("threw an exception that nothing caught"));
}

/// The bake fails, and says why.
#[test]
fn one_that_nothing_catches_ends_a_bake() {
    let lines = "[packages]\nwheels = [\"wheels/*.whl\"]\n[preinit]\nimports = [\"thrower\"]\n";
    let project = Project::sample(lines).wheel(&wheel("thrower", SHARED, UNCAUGHT));
    let message = project.refused();
    for word in ["threw an exception that nothing caught", "preinit.imports"] {
        assert!(message.contains(word), "{word:?} is not said in {message}");
    }
    assert_eq!(message.lines().count(), 1, "{message}");
}

/// Exceptions that are held, one by each level of a recursion, count as memory of the program.
#[test]
fn those_that_are_held_are_bounded() {
    let functions = "
        (func $throw (throw $exception (i32.const 1)))
        (func $hold (param $depth i32) (result i32) (local $held exnref)
            (block $caught (result exnref)
                (try_table (catch_all_ref $caught) (call $throw)) (unreachable))
            (local.set $held)
            (if (local.get $depth)
                (then (drop (call $hold (i32.sub (local.get $depth) (i32.const 1))))))
            (ref.is_null (local.get $held)))
        (func $value (result i32) (call $hold (i32.const 1000000)))";
    let project = Project::with_wheels(&[&wheel("thrower", SHARED, functions)]);
    project.bake_fused();
    assert_eq!(
        run(&project, &["--memory", "512MiB"], "thrower").ok(),
        "0\n"
    );
    let output = run(&project, &["--memory", "48MiB"], "thrower");
    assert!(output.refused(126).contains("no memory for an exception"));
    // As it is said of programs without exceptions.
    let output = run(&project, &["--memory", "1MiB"], "thrower");
    assert!(output.refused(125).contains("memory"));
}

/// Each library stays a module, which preinit has no place for when it shares exceptions.
#[test]
fn shared_ones_need_fusing() {
    let lines = "fuse = false\n[packages]\nwheels = [\"wheels/*.whl\"]\n";
    let project = Project::sample(lines).wheel(&wheel("thrower", SHARED, &throws(1)));
    let message = project.refused();
    for word in ["throw exceptions", "`fuse = false`"] {
        assert!(message.contains(word), "{word:?} is not said in {message}");
    }
    assert_eq!(message.lines().count(), 1, "{message}");
    // Those of a library's own do not.
    let project = Project::sample(lines).wheel(&wheel("thrower", OWN, &throws(1000)));
    assert_eq!(project.bake().run().status, 0);
    assert_eq!(run(&project, &[], "thrower").ok(), "2000\n");
}

/// The reason comes with it, and nothing is said of a key that the manifest does not have.
#[test]
fn shared_ones_that_cannot_be_fused_are_refused() {
    let functions = format!(
        "(func $start (i32.store offset=128 (global.get $base) (i32.const 1))) (start $start) {}",
        throws(1)
    );
    let message = Project::with_wheels(&[&wheel("thrower", SHARED, &functions)]).refused();
    for word in ["throw exceptions", "cannot be fused", "start function"] {
        assert!(message.contains(word), "{word:?} is not said in {message}");
    }
    assert!(!message.contains("`fuse = false`"), "{message}");
}

/// Of one name, but not of one type.
#[test]
fn exceptions_of_two_types_are_refused() {
    let other = r#"(import "env" "__cpp_exception" (tag $exception (param i64)))"#;
    let functions = "(func $value (result i32) (i32.const 1))";
    let wheels = [
        wheel("one", SHARED, functions),
        wheel("other", other, functions),
    ];
    let message = Project::with_wheels(&[&wheels[0], &wheels[1]]).refused();
    for word in ["/one.cpython", "/other.cpython", "`__cpp_exception`"] {
        assert!(message.contains(word), "{word:?} is not said in {message}");
    }
    assert_eq!(message.lines().count(), 1, "{message}");
}

/// A snapshot has no place for them.
#[test]
fn libraries_that_keep_exceptions_are_refused() {
    let value = "(func $value (result i32) (i32.const 1))";
    for (place, kept) in [
        ("a global", "(global (mut exnref) (ref.null exn))"),
        ("a global", "(global (mut externref) (ref.null extern))"),
        ("a table", "(table 1 exnref)"),
    ] {
        let functions = format!("{kept} {value}");
        let message = Project::with_wheels(&[&wheel("thrower", OWN, &functions)]).refused();
        for word in ["/site-packages/thrower.cpython", "references", place] {
            assert!(message.contains(word), "{word:?} is not said in {message}");
        }
    }
}

/// As compilers wrote them before there was a standard.
#[test]
fn the_legacy_encoding_is_refused() {
    let functions = "
        (func $value (result i32)
            try (result i32)
                i32.const 0
                throw $exception
            catch $exception
            end)";
    let message = Project::with_wheels(&[&wheel("thrower", SHARED, functions)]).refused();
    for word in [
        "/site-packages/thrower.cpython-314-wasm32-wasi.so",
        "exception",
        "-wasm-use-legacy-eh=false",
    ] {
        assert!(message.contains(word), "{word:?} is not said in {message}");
    }
    assert_eq!(message.lines().count(), 1, "{message}");
}
