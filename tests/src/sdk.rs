//! Native packages of the tests: an SDK that is installed once, and real packages that are built with it out of
//! their source distributions, which are pinned by hash.

use crate::{Run, binaries, binaries::lock, eryx_build, python, target};
use sha2::{Digest as _, Sha256};
use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};

/// How long an installation or a build may take on a busy machine.
const LIMIT: Duration = Duration::from_secs(600);

/// What builds the packages: pip, and the backends that they name.
const TOOLS: [&str; 5] = [
    "pip==26.3",
    "setuptools==84.2.1",
    "setuptools-scm==10.3.4",
    "vcs-versioning==2.6.0",
    "packaging==26.4",
];

/// A source distribution of the package index.
#[derive(Debug, Clone, Copy)]
pub struct Pinned {
    /// The name of the package, as its files have it.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The hash of its source distribution.
    pub sha256: &'static str,
}

/// The folder in which the tests' SDK is.
pub fn root() -> PathBuf {
    target().join("tests-sdk")
}

/// A command of `eryx sdk`, with the tests' SDK, which is installed first.
pub fn sdk<A: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = A>) -> Run {
    static INSTALLED: OnceLock<()> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        // An SDK is made for one runtime; those of others would only fill the disk.
        let output = in_folder(&root(), ["install", "--quiet"]).run();
        assert_eq!(output.ok(), "", "the SDK is installed");
    });
    in_folder(&root(), arguments)
}

/// A command of `eryx sdk` with an SDK in some folder.
pub fn in_folder<A: AsRef<std::ffi::OsStr>>(
    folder: &Path,
    arguments: impl IntoIterator<Item = A>,
) -> Run {
    eryx_build()
        .arg("sdk")
        .args(arguments)
        .env("ERYX_SDK_DIR", folder)
        .limit(LIMIT)
}

/// Builds a package into a wheel for the sandbox, as its documentation says. Kept for later runs.
pub fn wheel(package: &Pinned) -> PathBuf {
    let folder = target().join("tests-native");
    let name = format!("{}-{}", package.name, toolchain());
    let ready = folder.join(&name);
    let _lock = lock(&folder.join(format!("{}.lock", package.name)));
    if !ready.is_dir() {
        remove_old(&folder, package.name);
        let staging = tempfile::tempdir_in(&folder).expect("a folder is made");
        build(package, staging.path());
        fs::rename(staging.path().join("dist"), &ready).expect("the wheel is kept");
    }
    only_file(&ready)
}

fn build(package: &Pinned, folder: &Path) {
    let (sources, dist) = (folder.join("sources"), folder.join("dist"));
    let requirement = folder.join("requirement.txt");
    let Pinned {
        name,
        version,
        sha256,
    } = package;
    fs::write(
        &requirement,
        format!("{name}=={version} --hash=sha256:{sha256}\n"),
    )
    .expect("a file is written");
    let tools = python::packages(&TOOLS);
    let output = Run::new(Path::new("python3"))
        .args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--no-binary=:all:",
        ])
        .args(["--no-build-isolation", "--require-hashes", "--requirement"])
        .arg(&requirement)
        .arg("--dest")
        .arg(&sources)
        .env("PYTHONPATH", &tools)
        .limit(LIMIT)
        .run();
    assert_eq!(output.status, 0, "{name} is downloaded\n{output}");
    let output = sdk(["env", "--", "python3", "-m", "pip", "wheel", "--no-deps"])
        .args(["--no-build-isolation", "--no-cache-dir", "--wheel-dir"])
        .args([dist.clone().into_os_string(), only_file(&sources).into()])
        .env("PYTHONPATH", &tools)
        .run();
    assert_eq!(output.status, 0, "{name} is built\n{output}");
    let arguments: [OsString; 2] = ["retag".into(), only_file(&dist).into()];
    let output = sdk(arguments).run();
    assert_eq!(output.status, 0, "{name} is tagged\n{output}");
}

fn only_file(folder: &Path) -> PathBuf {
    let mut entries = fs::read_dir(folder).expect("the folder is readable");
    let entry = entries.next().expect("the folder has a file");
    assert!(
        entries.next().is_none(),
        "{} has one file",
        folder.display()
    );
    entry.expect("the folder is readable").path()
}

/// What the wheels depend on: the toolchain with its runtime.
fn toolchain() -> String {
    static TOOLCHAIN: OnceLock<String> = OnceLock::new();
    let made = || {
        let program = fs::read(&binaries().eryx_build).expect("the toolchain is readable");
        let digest = Sha256::digest(program);
        digest
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    };
    TOOLCHAIN.get_or_init(made).clone()
}

/// Removes wheels of other toolchains.
fn remove_old(folder: &Path, name: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let file = entry.file_name();
        let rest = file.to_str().and_then(|file| file.strip_prefix(name));
        if rest.is_some_and(|rest| rest.starts_with('-')) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
