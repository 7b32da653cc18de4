//! Runtime distributions that were put together before, kept by the hash of all that they come from: a
//! new target directory does not mean compiling everything again. How they are kept suits others, too.
//!
//! What is kept begins with its own hash, and is not trusted without it.

use super::{crates::hex, failure::Failure};
use crate::wheel;
use sha2::{Digest, Sha256};
use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process,
};

/// How many distributions are kept, of 5 MB each.
const MAX_KEPT: usize = 8;

/// Directories and files that a distribution comes from, below the crate's directory.
pub(super) const INPUTS: [&str; 10] = [
    "build",
    "guest",
    "modules",
    "overrides.toml",
    "python",
    "sources.toml",
    "src/wheel.rs",
    "src/ziglang.rs",
    "stdlib",
    "wit",
];

/// Where the distribution that comes from these inputs is kept. None when a compiler of the user's own
/// is in use, of which nothing is known.
pub(super) fn path(here: &Path) -> Result<Option<PathBuf>, Failure> {
    if env::var_os("ZIG").is_some_and(|program| !program.is_empty()) {
        return Ok(None);
    }
    let mut hasher = Sha256::new();
    for input in INPUTS {
        add(&mut hasher, input, &here.join(input))
            .map_err(|error| format!("{}: {error}", here.join(input).display()))?;
    }
    let name = format!("{}.tar.zst", hex(&hasher.finalize()));
    Ok(Some(
        wheel::cache_directory()
            .map_err(|error| error.to_string())?
            .join("runtime")
            .join(name),
    ))
}

/// Adds names and contents, in the order of the names.
fn add(hasher: &mut Sha256, name: &str, path: &Path) -> io::Result<()> {
    if path.is_dir() {
        let mut names: Vec<_> = fs::read_dir(path)?
            .map(|entry| Ok(entry?.file_name()))
            .collect::<io::Result<_>>()?;
        names.sort();
        for below in names.iter().filter(|below| *below != "__pycache__") {
            let name = format!("{name}/{}", below.display());
            add(hasher, &name, &path.join(below))?;
        }
        return Ok(());
    }
    let bytes = fs::read(path)?;
    hasher.update(format!("{name}\0{}\0", bytes.len()));
    hasher.update(bytes);
    Ok(())
}

/// What is kept, when it is there and whole.
pub(super) fn read(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = fs::read(path).ok()?;
    let digest = Sha256::digest(bytes.get(32..)?);
    (bytes.get(..32)? == &digest[..]).then(|| bytes.split_off(32))
}

/// Keeps a distribution: written beside and renamed, so that two builds at once and a killed one do no
/// harm. Failing to keep it only costs time.
pub(super) fn write(path: &Path, bytes: &[u8]) {
    if put(path, bytes).is_ok() {
        forget_oldest(path.parent().unwrap_or(path));
    }
}

/// The same, whatever else is kept.
pub(super) fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension(format!("partial-{}", process::id()));
    let whole = [&Sha256::digest(bytes)[..], bytes].concat();
    let written = fs::create_dir_all(path.parent().unwrap_or(path))
        .and_then(|()| fs::write(&beside, whole))
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Whoever works on the guest makes a distribution a change.
fn forget_oldest(directory: &Path) {
    let mut kept: Vec<_> = (fs::read_dir(directory).into_iter().flatten().flatten())
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    kept.sort();
    let surplus = kept.len().saturating_sub(MAX_KEPT);
    for (_, path) in kept.into_iter().take(surplus) {
        let _ = fs::remove_file(path);
    }
}
