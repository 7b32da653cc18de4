//! What a program finds in `sys.argv`, and how it is named.

use eryx_tests::{eryx_run, images};
use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt};

/// Arguments need not be UTF-8; `os.fsencode` gives back the very bytes.
#[test]
fn bytes_survive() {
    let source = "import os, sys; print(os.fsencode(sys.argv[1]), ascii(sys.argv[1]))";
    let output = eryx_run(images::bare())
        .args(["-c", source])
        .arg(OsStr::from_bytes(b"caf\xe9 \xff"))
        .run();
    assert_eq!(output.ok(), "b'caf\\xe9 \\xff' 'caf\\udce9 \\udcff'\n");
}

/// Empty, long, and option-like arguments all belong to the program.
#[test]
fn all_that_follows_the_program_is_its_own() {
    let long = "x".repeat(100_000);
    let output = eryx_run(images::bare())
        .args([
            "-c",
            "import sys; print([len(a) for a in sys.argv], sys.argv[2:5])",
        ])
        .args(["", "--timeout", "-v", "--help", &long])
        .run();
    assert_eq!(
        output.ok(),
        "[2, 0, 9, 2, 6, 100000] ['--timeout', '-v', '--help']\n"
    );
}

/// Source text need not be UTF-8 either, which is an error of the program and not of the loader.
#[test]
fn source_text_of_strange_bytes() {
    let output = eryx_run(images::bare())
        .arg("-c")
        .arg(OsStr::from_bytes(b"print('\xff')"))
        .run();
    assert_eq!(output.status, 1, "{output}");
    assert!(output.err().contains("SyntaxError") || output.err().contains("UnicodeEncodeError"));
    assert!(!output.err().contains("_eryx"), "{output}");
}

/// A script is named as it was typed, and seen in the working folder under its own name.
#[test]
fn scripts_are_named_as_typed() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    fs::write(
        folder.path().join("sub/näme x.py"),
        "import sys; print(sys.argv, __file__)",
    )
    .unwrap();
    let output = eryx_run(images::bare())
        .folder(folder.path())
        .args(["sub/näme x.py", "a"])
        .run();
    assert_eq!(output.ok(), "['sub/näme x.py', 'a'] /work/näme x.py\n");
}

/// Modules beside the script on the host are not seen: nothing is but the script itself.
#[test]
fn files_beside_the_script_stay_out() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("helper.py"), "").unwrap();
    fs::write(folder.path().join("main.py"), "import helper").unwrap();
    let output = eryx_run(images::bare())
        .folder(folder.path())
        .arg("main.py")
        .run();
    assert_eq!(output.status, 1);
    assert!(
        output
            .err()
            .contains("ModuleNotFoundError: No module named 'helper'"),
        "{output}"
    );
}

/// A script can come from a pipe, as with process substitution.
#[test]
fn a_script_can_be_a_pipe() {
    let output = eryx_run(images::bare())
        .args(["/dev/stdin", "a"])
        .stdin("import sys; print(sys.argv)")
        .run();
    assert_eq!(output.ok(), "['/dev/stdin', 'a']\n");
}

/// The entrypoint runs when nothing else is named; what follows `--` is for it.
#[test]
fn entrypoints() {
    let output = eryx_run(images::bare()).args(["--", "2024", "2"]).run();
    assert!(output.ok().contains("February 2024"));
    let output = eryx_run(images::bare()).args(["--", "--nonsense"]).run();
    assert_eq!(output.status, 2, "{output}");
    let output = eryx_run(images::example()).run();
    assert_eq!(output.status, 0, "{output}");
    assert!(!output.stdout.is_empty());
}

/// A script of the image is named by its path in the sandbox.
#[test]
fn scripts_of_the_image() {
    let output = eryx_run(images::snapshot())
        .args(["/data/tool.py", "a"])
        .run();
    assert_eq!(
        output.ok(),
        "__main__ /data/tool.py ['/data/tool.py', 'a'] /data\na baked note\n"
    );
}

/// Without an entrypoint something must be named.
#[test]
fn no_entrypoint() {
    assert!(
        eryx_run(images::snapshot())
            .run()
            .refused(2)
            .contains("entrypoint")
    );
    assert!(
        eryx_run(images::snapshot())
            .args(["--", "a"])
            .run()
            .refused(2)
            .contains("entrypoint")
    );
}

/// What cannot be run is refused before anything starts.
#[test]
fn programs_that_are_none() {
    let run = |words: &[&str]| eryx_run(images::bare()).args(words).run();
    assert!(run(&["-c"]).refused(2).contains("-c"));
    assert!(run(&["-m"]).refused(2).contains("-m"));
    assert!(run(&["-x"]).refused(2).contains("-x"));
    assert!(
        run(&["no/such/script.py"])
            .refused(125)
            .contains("no/such/script.py")
    );
    assert!(run(&["/"]).refused(125).contains("directory"));
    assert!(
        run(&["/usr/lib/python3.14/no_such.py"])
            .refused(125)
            .contains("no_such.py")
    );
    assert!(run(&["/dev/zero"]).refused(125).contains("64 MiB"));
}
