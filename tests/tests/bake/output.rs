//! Places that no image can be written to.

use eryx_tests::{Run, binaries, project::Project};
use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::Path,
    time::Duration,
};

/// A bake to a path of the project.
fn bake_to(project: &Project, output: &str) -> Run {
    Run::new(&binaries().eryx_build)
        .args(["build", "--quiet", "-o", output])
        .folder(project.folder())
        .limit(Duration::from_secs(300))
}

#[test]
fn a_folder_is_no_image() {
    let project = Project::sample("").file("out/note.txt", "a note");
    let message = project.refused_by(bake_to(&project, "out"));
    assert!(
        message.contains("out") && message.contains("directory"),
        "{message}"
    );
    assert_eq!(fs::read_dir(project.path("out")).unwrap().count(), 1);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let project = Project::sample("");
    let message = project.refused_by(bake_to(&project, "missing/image.cwasm"));
    assert!(message.contains("missing"), "{message}");
}

#[test]
fn a_device_is_no_image() {
    let project = Project::sample("");
    let message = project.refused_by(bake_to(&project, "/dev/full"));
    assert!(
        message.contains("/dev/full") && message.contains("not a regular file"),
        "{message}"
    );
}

/// A run of the toolchain by somebody who may write nowhere but in `/tmp`, when that can be had.
pub(crate) fn as_stranger(toolchain: &Path) -> Option<Run> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if !is_root {
        return Some(Run::new(toolchain));
    }
    let run = || {
        Run::new(Path::new("setpriv"))
            .args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"])
            .arg(toolchain)
            .limit(Duration::from_secs(300))
    };
    let has_setpriv = std::process::Command::new("setpriv")
        .arg("--version")
        .output()
        .is_ok();
    if has_setpriv && run().arg("--version").run().status == 0 {
        return Some(run());
    }
    println!("root may write everywhere, and nobody else can be had without setpriv");
    None
}

/// The toolchain where a stranger may run it.
pub(crate) fn shared_toolchain() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let toolchain = folder.path().join("eryx-build");
    fs::copy(&binaries().eryx_build, &toolchain).unwrap();
    (folder, toolchain)
}

#[test]
fn a_folder_that_may_not_be_written() {
    let (_folder, toolchain) = shared_toolchain();
    let Some(run) = as_stranger(&toolchain) else {
        return;
    };
    let cache = tempfile::tempdir().unwrap();
    fs::set_permissions(cache.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let project = Project::sample("").file("out/note.txt", "a note");
    fs::set_permissions(project.folder(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(project.path("out"), fs::Permissions::from_mode(0o555)).unwrap();
    let bake = run
        .args(["build", "--quiet", "-f"])
        .arg(project.path("eryx.toml"))
        .arg("-o")
        .arg(project.path("out/image.cwasm"))
        // Made by the stranger, for the stranger.
        .env("ERYX_CACHE_DIR", cache.path().join("own"));
    let message = project.refused_by(bake);
    assert!(
        message.contains("out/image.cwasm") && message.contains("Permission denied"),
        "{message}"
    );
}
