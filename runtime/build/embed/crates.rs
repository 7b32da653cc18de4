//! Crates that the runtime takes files from, downloaded by cargo itself, with the user's own
//! configuration. None of them is a dependency: only files of them are wanted, and no code.

use super::{failure::Failure, sources::Source};
use sha2::{Digest, Sha256};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Downloads a crate through cargo unless it is there, and checks it.
pub(super) fn fetch(source: &Source, out: &Path) -> Result<Vec<u8>, Failure> {
    let (name, version) = (&source.name, &source.version);
    let path = if let Some(path) = cached(source) {
        path
    } else {
        download(source, out)?;
        cached(source).ok_or_else(|| {
            format!(
                "cargo said that it downloaded {name} {version}, but it is not in cargo's cache"
            )
        })?
    };
    let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let found = hex(&Sha256::digest(&bytes));
    if found != source.sha256 {
        return Err(format!(
            "{} has sha256 {found}, but {} was expected: delete the file and build again",
            path.display(),
            source.sha256
        ));
    }
    Ok(bytes)
}

/// The crate's file in cargo's cache, whichever registry it came from.
fn cached(source: &Source) -> Option<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| {
        env::var_os("HOME")
            .or_else(|| env::var_os("USERPROFILE"))
            .map(|home| PathBuf::from(home).join(".cargo"))
    })?;
    let mut registries: Vec<PathBuf> = fs::read_dir(home.join("registry/cache"))
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    registries.sort();
    registries
        .into_iter()
        .map(|registry| registry.join(format!("{}-{}.crate", source.name, source.version)))
        .find(|path| path.is_file())
}

/// `cargo info` makes cargo download exactly one crate, and builds nothing.
fn download(source: &Source, out: &Path) -> Result<(), Failure> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let wanted = format!("{}@{}", source.name, source.version);
    let result = Command::new(cargo)
        .args(["info", "--quiet", &wanted])
        // Outside of the workspace, whose lock file this must not touch.
        .current_dir(out)
        .output()
        .map_err(|error| format!("cargo could not be started: {error}"))?;
    if result.status.success() {
        return Ok(());
    }
    Err(format!(
        "{} could not be downloaded for the runtime: `cargo info {wanted}` failed.\n{}\n\
         Build once with a network, or name a ready runtime distribution folder in ERYX_RUNTIME_DIR.",
        source.takes,
        String::from_utf8_lossy(&result.stderr).trim()
    ))
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
