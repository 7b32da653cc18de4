//! Files that the toolchain opens by name and that are none: nobody waits for a FIFO's writer.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::index::Index;

const LIMIT: Duration = Duration::from_secs(120);

fn make_fifo(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}

#[test]
fn a_lock_that_is_a_fifo_is_refused() {
    let index = Index::new(&[], "requirements = [\"a\"]");
    make_fifo(&index.project.path("pylock.toml"));
    let output = index.command(&["lock", "--quiet"]).limit(LIMIT).run();
    let message = eryx_tests::project::explained(&output);
    assert!(
        message.contains("it is a FIFO and no regular file"),
        "{message}"
    );
}

#[test]
fn a_fifo_among_links_is_refused() {
    let index = Index::new(&[], "requirements = [\"a\"]");
    make_fifo(&index.links().join("a-1.0-py3-none-any.whl"));
    let output = index.command(&["lock", "--quiet"]).limit(LIMIT).run();
    let message = eryx_tests::project::explained(&output);
    assert!(
        message.contains("it is a FIFO and no regular file"),
        "{message}"
    );
}
