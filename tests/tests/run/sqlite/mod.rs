//! SQLite as Python on Linux has it: see `runtime/modules/sqlite_*`. It is in images that are fused.

mod baked;
mod extensions;
mod local_time;
mod locks;
mod programs;
mod read_only;
mod replaced;
mod temporary;
mod write_ahead_log;

use eryx_tests::{Output, Run, binaries, images};
use std::path::Path;
use tempfile::TempDir;

/// A run of a program in the bare image, with a directory of the host at `/data` if there is one.
fn prepared(directory: Option<(&Path, &str)>, source: &str) -> Run {
    let mount = directory.map(|(path, rights)| format!("{}:/data{rights}", path.display()));
    mounted(mount.as_deref(), source)
}

/// A run of a program in the bare image, with this mount if there is one.
fn mounted(mount: Option<&str>, source: &str) -> Run {
    Run::new(&binaries().eryx_run)
        .args(mount.into_iter().flat_map(|mount| ["-v", mount]))
        .arg(images::bare())
        .args(["-c", source])
}

/// What comes of such a run.
fn run(directory: Option<(&Path, &str)>, source: &str) -> Output {
    prepared(directory, source).run()
}

/// A new directory in which a program made files, at `/data`.
fn made(source: &str) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    run(Some((directory.path(), ":rw")), source).ok();
    directory
}
