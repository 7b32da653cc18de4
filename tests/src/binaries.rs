//! The binaries under test.

use crate::paths::{target, workspace};
use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// The binaries under test.
#[derive(Debug)]
pub struct Binaries {
    /// The name people type.
    pub eryx: PathBuf,
    /// The loader.
    pub eryx_run: PathBuf,
    /// The toolchain.
    pub eryx_build: PathBuf,
}

/// The release binaries, built first where that is needed, or those in the folder `ERYX_BIN_DIR`.
pub fn binaries() -> &'static Binaries {
    static BINARIES: OnceLock<Binaries> = OnceLock::new();
    BINARIES.get_or_init(|| {
        let folder = env::var_os("ERYX_BIN_DIR").map_or_else(build, PathBuf::from);
        let binary = |name: &str| {
            let path = folder.join(format!("{name}{}", env::consts::EXE_SUFFIX));
            assert!(path.is_file(), "{} is not there", path.display());
            path
        };
        Binaries {
            eryx: binary("eryx"),
            eryx_run: binary("eryx-run"),
            eryx_build: binary("eryx-build"),
        }
    })
}

fn build() -> PathBuf {
    let target = target();
    let _lock = lock(&target.join("tests-binaries.lock"));
    // One at a time: together, the loader would be built with the features of the toolchain.
    for package in ["eryx-build", "eryx-run"] {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .current_dir(workspace())
            .args(["build", "--release", "--quiet", "-p", package]);
        for (name, _) in env::vars_os() {
            // What cargo tells this test about itself would make it build things anew.
            if name.to_str().is_some_and(|name| {
                name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
            }) {
                command.env_remove(name);
            }
        }
        let status = command.status().expect("cargo starts");
        assert!(
            status.success(),
            "cargo build --release -p {package} failed"
        );
    }
    target.join("release")
}

/// Holds a lock among test processes until it is dropped.
pub(crate) fn lock(path: &Path) -> File {
    fs::create_dir_all(path.parent().expect("a lock lies in a folder")).expect("a folder is made");
    let file = File::create(path).expect("a lock file is made");
    file.lock().expect("a lock is taken");
    file
}
