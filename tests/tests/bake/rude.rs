//! Preinit scripts that take the interpreter's own things away: a run gets them back.

use eryx_tests::{eryx_run, images, project};
use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

fn image() -> &'static Path {
    static IMAGE: LazyLock<PathBuf> = LazyLock::new(|| {
        let manifest = project::sample("[preinit]\nimports = [\"random\"]\nscript = \"rude.py\"\n");
        let script: (&str, &[u8]) = ("rude.py", include_bytes!("../../fixtures/bake/rude.py"));
        images::shared("rude", &manifest, &[script])
    });
    &IMAGE
}

#[test]
fn a_run_prints_where_a_run_prints() {
    let output = eryx_run(image())
        .args([
            "-c",
            "import sys; print('out'); print('complaint', file=sys.stderr)",
        ])
        .run();
    assert!(
        output.out().starts_with("out\n") && output.err().starts_with("complaint\n"),
        "{output}"
    );
}

#[test]
fn a_run_reads_its_own_input() {
    let output = eryx_run(image())
        .args(["-c", "print(input())"])
        .stdin("typed\n")
        .run();
    assert!(output.out().starts_with("typed\n"), "{output}");
    let output = eryx_run(image())
        .arg("-")
        .stdin("print('from input')\n")
        .run();
    assert!(output.out().starts_with("from input\n"), "{output}");
}

#[test]
fn a_failing_run_never_looks_like_a_good_one() {
    let output = eryx_run(image())
        .args(["-c", "raise ValueError('late')"])
        .run();
    assert_eq!(output.status, 1, "{output}");
}

#[test]
fn a_run_starts_with_a_main_module_of_its_own() {
    let output = eryx_run(image())
        .args([
            "-c",
            "import sys; sys.__stdout__.write(str('left' in globals()) + '\\n')",
        ])
        .run();
    assert!(output.out().starts_with("False\n"), "{output}");
}
