//! Python tools that judge what eryx writes: installed once, by the user's own pip or uv, into a folder
//! below the target folder.

use crate::{binaries::lock, target};
use sha2::{Digest as _, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// What installs packages; what to install follows.
const INSTALLERS: [&[&str]; 3] = [
    &["python3", "-m", "pip", "install"],
    &["python", "-m", "pip", "install"],
    &["uv", "pip", "install"],
];

/// The folder that holds these packages, to be put on `PYTHONPATH` of `python3`.
pub fn packages(requirements: &[&str]) -> PathBuf {
    let folder = target().join("tests-python");
    let name: String = Sha256::digest(requirements.join("\n"))
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let ready = folder.join(&name);
    let _lock = lock(&folder.join(format!("{name}.lock")));
    if !ready.is_dir() {
        let staging = tempfile::tempdir_in(&folder).expect("a folder is made");
        let installed = staging.path().join("packages");
        install(requirements, &installed);
        fs::rename(&installed, &ready).expect("the packages are kept");
    }
    ready
}

fn install(requirements: &[&str], folder: &Path) {
    let mut tried = String::new();
    for installer in INSTALLERS {
        let (program, arguments) = installer.split_first().expect("an installer has a name");
        let output = Command::new(program)
            .args(arguments)
            .args(["--quiet", "--target"])
            .arg(folder)
            .args(requirements)
            .output();
        match output {
            Ok(output) if output.status.success() => return,
            Ok(output) => tried.push_str(&String::from_utf8_lossy(&output.stderr)),
            Err(error) => tried.push_str(&format!("{program}: {error}\n")),
        }
    }
    panic!("neither pip nor uv installs {requirements:?}\n{tried}");
}
