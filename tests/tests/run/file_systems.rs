//! Random operations on files: a sandbox and the machine itself must answer alike.
//!
//! `ERYX_FILE_OPERATIONS` is how many sequences of 2,000 operations are tried; each has another seed,
//! from `ERYX_FILE_SEED` on.

use eryx_tests::{Run, binaries, images};
use std::{env, path::Path, process::Command};

const SOURCE: &str = include_str!("../../fixtures/file_operations.py");

/// How many sequences are tried when nobody says.
const SEQUENCES: u64 = 8;

/// How many operations a sequence has.
const OPERATIONS: &str = "2000";

/// What the machine's own Python leaves of a sequence.
fn natively(seed: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new("python3")
        .args(["-c", SOURCE])
        .arg(folder.path())
        .args([seed, OPERATIONS])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn inside(folder: &Path, root: &str, seed: &str) -> String {
    Run::new(&binaries().eryx_run)
        .folder(folder)
        .args(["-v", ".:/mounted:rw"])
        .arg(images::bare())
        .args(["-c", SOURCE, root, seed, OPERATIONS])
        .run()
        .ok()
}

#[track_caller]
fn assert_same(natively: &str, inside: &str, what: &str) {
    let difference = (natively.lines().zip(inside.lines())).find(|(left, right)| left != right);
    assert_eq!(difference, None, "{what}: the machine, then the sandbox");
    assert_eq!(natively.len(), inside.len(), "{what}");
}

#[test]
fn random_operations_end_as_on_the_machine() {
    let number = |name| env::var(name).ok()?.parse::<u64>().ok();
    let first = number("ERYX_FILE_SEED").unwrap_or(1);
    let sequences = number("ERYX_FILE_OPERATIONS").unwrap_or(SEQUENCES);
    for seed in first..first.saturating_add(sequences) {
        let seed = seed.to_string();
        let expected = natively(&seed);
        let folder = tempfile::tempdir().unwrap();
        let scratch = inside(folder.path(), "/tmp", &seed);
        assert_same(&expected, &scratch, &format!("/tmp, seed {seed}"));
        let mounted = inside(folder.path(), "/mounted", &seed);
        assert_same(&expected, &mounted, &format!("a mount, seed {seed}"));
    }
}
