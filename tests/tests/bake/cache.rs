//! Cache folders that cannot be used.

use crate::output::{as_stranger, shared_toolchain};
use eryx_tests::project::Project;
use std::{fs, os::unix::fs::PermissionsExt as _};

#[test]
fn a_file_is_no_cache() {
    let project = Project::sample("").file("cache", "");
    let bake = project
        .bake()
        .arg("--quiet")
        .env("ERYX_CACHE_DIR", project.path("cache"));
    let message = project.refused_by(bake);
    assert!(
        message.contains("/cache") && message.contains("ERYX_CACHE_DIR"),
        "{message}"
    );
    assert_eq!(message.lines().count(), 1, "{message}");
}

#[test]
fn a_folder_that_others_may_write_is_refused() {
    let project = Project::sample("").file("cache/note.txt", "");
    fs::set_permissions(project.path("cache"), fs::Permissions::from_mode(0o777)).unwrap();
    let bake = project
        .bake()
        .arg("--quiet")
        .env("ERYX_CACHE_DIR", project.path("cache"));
    let message = project.refused_by(bake);
    assert!(
        message.contains("every user") && message.contains("/cache"),
        "{message}"
    );
    assert_eq!(fs::read_dir(project.path("cache")).unwrap().count(), 1);
}

#[test]
fn a_read_only_folder_is_named() {
    let (_folder, toolchain) = shared_toolchain();
    let Some(run) = as_stranger(&toolchain) else {
        return;
    };
    let project = Project::sample("").file("cache/note.txt", "");
    fs::set_permissions(project.folder(), fs::Permissions::from_mode(0o777)).unwrap();
    fs::set_permissions(project.path("cache"), fs::Permissions::from_mode(0o555)).unwrap();
    let bake = run
        .args(["build", "--quiet", "-f"])
        .arg(project.path("eryx.toml"))
        .arg("-o")
        .arg(project.image())
        .env("ERYX_CACHE_DIR", project.path("cache"));
    let message = project.refused_by(bake);
    assert!(
        message.contains("/cache") && message.contains("Permission denied"),
        "{message}"
    );
}

#[test]
fn no_folder_at_all_says_what_to_set() {
    let project = Project::sample("");
    let bake = project.bake().arg("--quiet").without_env();
    let message = project.refused_by(bake);
    assert!(message.contains("set ERYX_CACHE_DIR"), "{message}");
}
