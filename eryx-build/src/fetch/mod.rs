//! The room that turns a lock into distributions: wheel files on this machine whose hashes are
//! known.
//!
//! Local wheels are taken where they are. Pins are downloaded by the user's own installer (`pip`,
//! or `uv`), with whatever mirrors, proxies and credentials it is configured for, and only ever as
//! wheels, so that no code of a package runs on the host. Downloads are kept in the per-user
//! cache; once they are there no installer is started and no network is needed.
//!
//! This room must not know what is inside a wheel.
//!
//! ```no_run
//! use eryx_build::{cache::Cache, fetch, manifest::PackagesSection, resolve};
//!
//! let packages = PackagesSection::default();
//! let lock = resolve::resolve(&packages)?;
//! let report = |line: &str| eprintln!("{line}");
//! let distributions = fetch::fetch(&lock, &packages, &Cache::open()?, &report)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::cache::{Cache, Digest};
use crate::manifest::PackagesSection;
use crate::resolve::{Lock, LockedPackage, Source, WheelName, same_version};

mod diagnose;
mod error;
mod installer;
#[cfg(all(test, unix))]
mod tests;

pub use error::FetchError;
pub use installer::INSTALLER_VARIABLE;

use installer::{Installer, Platforms};

/// The cache kind of wheel files, by their content.
const WHEELS: &str = "wheels";
/// The cache kind that says which wheel a pin led to.
const PINS: &str = "pins";

/// A wheel file on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    /// The package name, normalised (PEP 503).
    pub name: String,
    /// The exact version (PEP 440).
    pub version: String,
    /// Where the file is. A file of the cache does not have the name of a wheel.
    pub wheel: PathBuf,
    /// The file name of the wheel, with its tags.
    pub file_name: String,
    /// The hash of the file.
    pub sha256: Digest,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a distribution comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A wheel that the manifest names by its path.
    LocalWheel,
    /// The package index that the user's installer is configured for.
    Index,
}

/// Fetches what a lock names, in the order of the lock. `report` is told what is happening, one
/// short line at a time, from any thread.
///
/// # Errors
/// When there is no installer, when the index does not have a package, or not as a wheel that fits
/// the sandbox, when the network fails, or when the cache cannot be written.
pub fn fetch(
    lock: &Lock,
    packages: &PackagesSection,
    cache: &Cache,
    report: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Distribution>, FetchError> {
    // What is in the cache is hashed to be found, so it is asked for once.
    let found = lock
        .packages
        .iter()
        .map(|package| (package, find(package, packages, cache)))
        .collect::<Vec<_>>();
    let missing: Vec<&LockedPackage> = found
        .iter()
        .filter(|(_, distribution)| distribution.is_none())
        .map(|(package, _)| *package)
        .collect();
    if !missing.is_empty() {
        download(&missing, packages, cache, report)?;
    }
    found
        .into_iter()
        .map(|(package, distribution)| {
            distribution
                .or_else(|| find(package, packages, cache))
                .ok_or_else(|| FetchError::Lost {
                    package: pin(package),
                })
        })
        .collect()
}

/// The distribution of a package, unless it has to be downloaded first.
fn find(
    package: &LockedPackage,
    packages: &PackagesSection,
    cache: &Cache,
) -> Option<Distribution> {
    match &package.source {
        Source::Path { path, sha256 } => Some(Distribution {
            name: package.name.clone(),
            version: package.version.clone(),
            wheel: path.clone(),
            file_name: file_name(path),
            sha256: *sha256,
            origin: Origin::LocalWheel,
        }),
        Source::Index => cached(package, packages, cache),
    }
}

fn pin(package: &LockedPackage) -> String {
    format!("{}=={}", package.name, package.version)
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The key of what a pin led to. The platforms that were allowed are part of it, since they decide
/// which wheel an installer chooses.
fn pin_key(package: &LockedPackage, packages: &PackagesSection) -> Digest {
    let kind = if packages.without_native.contains(&package.name) {
        "without-native"
    } else {
        "sandbox"
    };
    Digest::of_parts([
        package.name.as_bytes(),
        package.version.as_bytes(),
        kind.as_bytes(),
    ])
}

fn cached(
    package: &LockedPackage,
    packages: &PackagesSection,
    cache: &Cache,
) -> Option<Distribution> {
    let entry = String::from_utf8(cache.get(PINS, &pin_key(package, packages))?).ok()?;
    let (digest, file_name) = entry.split_once(' ')?;
    let sha256 = Digest::from_hex(digest)?;
    Some(Distribution {
        name: package.name.clone(),
        version: package.version.clone(),
        wheel: cache.file(WHEELS, &sha256)?,
        file_name: file_name.to_owned(),
        sha256,
        origin: Origin::Index,
    })
}

fn download(
    missing: &[&LockedPackage],
    packages: &PackagesSection,
    cache: &Cache,
    report: &(dyn Fn(&str) + Sync),
) -> Result<(), FetchError> {
    let installer = Installer::find()?;
    let (stripped, whole): (Vec<&LockedPackage>, Vec<&LockedPackage>) = missing
        .iter()
        .copied()
        .partition(|package| packages.without_native.contains(&package.name));
    // One call for many packages is much faster than one call each.
    let download_all = |wanted: &[&LockedPackage], platforms| {
        if wanted.is_empty() {
            return Ok(());
        }
        let folder = cache.temporary_folder()?;
        installer.download(&pins(wanted), platforms, folder.path(), report)?;
        keep(wanted, packages, cache, folder.path())
    };
    let (first, second) = rayon::join(
        || download_all(&whole, Platforms::Sandbox),
        || download_all(&stripped, Platforms::SandboxAndHost),
    );
    first.and(second)
}

fn pins(packages: &[&LockedPackage]) -> Vec<String> {
    packages.iter().map(|package| pin(package)).collect()
}

/// Moves what an installer downloaded into the cache, after a look at whether it is what was
/// asked for.
fn keep(
    wanted: &[&LockedPackage],
    packages: &PackagesSection,
    cache: &Cache,
    folder: &Path,
) -> Result<(), FetchError> {
    let unreadable = |source| FetchError::Folder { source };
    let mut downloaded = BTreeSet::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        downloaded.insert(entry.map_err(unreadable)?.path());
    }
    for package in wanted {
        let found = downloaded.iter().find_map(|path| {
            let name = WheelName::parse(path.file_name()?.to_str()?).ok()?;
            let wanted = name.name == package.name && same_version(&name.version, &package.version);
            wanted.then_some(path)
        });
        let path = found.ok_or_else(|| FetchError::NotDownloaded {
            package: pin(package),
        })?;
        let (digest, _) = cache.keep_file(WHEELS, path)?;
        let entry = format!("{digest} {}", file_name(path));
        cache.put(PINS, &pin_key(package, packages), entry.as_bytes())?;
    }
    Ok(())
}
