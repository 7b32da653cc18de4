//! Environment variables.

use eryx_tests::{Run, binaries, images};

fn run(options: &[&str]) -> Run {
    Run::new(&binaries().eryx_run)
        .args(options)
        .arg(images::bare())
        .args(["-c", "import os; print(dict(os.environ))"])
        .env("FROM_HOST", "héllo")
        .env("SECRET", "s")
}

/// Nothing of the host is seen.
#[test]
fn empty_by_default() {
    assert_eq!(run(&[]).run().ok(), "{}\n");
}

/// What is named is passed on; what is not set on the host is not set in the sandbox.
#[test]
fn passed_on_by_name() {
    assert_eq!(
        run(&["-e", "FROM_HOST"]).run().ok(),
        "{'FROM_HOST': 'héllo'}\n"
    );
    assert_eq!(run(&["-e", "NOT_SET_ANYWHERE"]).run().ok(), "{}\n");
}

/// A variable that is none is wrong usage.
#[test]
fn wrong_names() {
    for wrong in ["=x", ""] {
        assert!(
            run(&["-e", wrong]).run().refused(2).contains("NAME"),
            "{wrong:?}"
        );
    }
}

/// A process that has no environment at all runs as well.
#[test]
fn a_host_without_environment() {
    assert_eq!(run(&[]).without_env().run().ok(), "{}\n");
}
