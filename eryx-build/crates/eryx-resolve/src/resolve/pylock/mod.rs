//! The lock as a file: `pylock.toml` (PEP 751), and what of it is ours.
//!
//! What is raw is the same for the same lock, byte for byte, and has one line a fact, so that it
//! diffs well. What is read may be from another tool: its markers are evaluated for the sandbox, and
//! of several wheels the one that fits best is taken.

use std::path::Path;
use std::str::FromStr as _;

use pep440_rs::Version;
use pep508_rs::MarkerEnvironment;
use serde::Deserialize;

use eryx_base::Digest;
use eryx_packaging::environment;
use eryx_packaging::requirement;
use eryx_packaging::url::percent_decoded;
use eryx_packaging::{is_package_name, normalize_package_name};

use super::choice::{self, Preference};
use super::inputs::Inputs;
use super::lock::{Lock, LockedFile, LockedPackage, Place};

pub(super) mod error;
mod write;

pub use error::PylockError;
pub use write::write;

/// The largest lock that is read, in bytes (16 MiB).
pub const MAX_LOCK_BYTES: u64 = 16 << 20;

/// How this tool names itself in a lock.
pub const CREATED_BY: &str = "eryx";

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct RawLock {
    lock_version: String,
    created_by: String,
    #[serde(default)]
    pub(super) packages: Vec<RawPackage>,
    #[serde(default)]
    tool: Tool,
}

#[derive(Default, Deserialize)]
struct Tool {
    eryx: Option<Inputs>,
}

#[derive(Deserialize)]
pub(super) struct RawPackage {
    pub(super) name: String,
    pub(super) version: Option<String>,
    marker: Option<String>,
    #[serde(default)]
    dependencies: Vec<Dependency>,
    #[serde(default)]
    wheels: Vec<RawFile>,
    sdist: Option<RawFile>,
    archive: Option<RawFile>,
}

#[derive(Deserialize)]
struct Dependency {
    name: Option<String>,
}

#[derive(Clone, Deserialize)]
struct RawFile {
    name: Option<String>,
    url: Option<String>,
    path: Option<String>,
    size: Option<u64>,
    hashes: Hashes,
}

#[derive(Clone, Deserialize)]
struct Hashes {
    sha256: Option<String>,
}

impl RawPackage {
    /// Whether it is a file that a requirement names, and not one of an index.
    pub(super) fn is_archive(&self) -> bool {
        self.archive.is_some()
    }
}

impl RawFile {
    fn file_name(&self) -> Option<String> {
        let from_place = || {
            let place = self.path.as_ref().or(self.url.as_ref())?;
            let place = place.split(['?', '#']).next()?;
            place.rsplit('/').next().map(percent_decoded)
        };
        let name = self.name.clone().or_else(from_place)?;
        (!name.is_empty()).then_some(name)
    }

    fn locked(&self, directory: &Path, is_archive: bool) -> Result<LockedFile, &'static str> {
        let name = self.file_name().ok_or("a file of it has no name")?;
        let sha256 = self.hashes.sha256.as_deref().and_then(Digest::from_hex);
        let sha256 = sha256.ok_or("a file of it has no sha256")?;
        let place = match (&self.path, &self.url) {
            (Some(path), _) => Place::Path(directory.join(path)),
            (None, Some(url)) if is_archive => Place::Url(url.clone()),
            (None, url) => Place::Index(url.clone()),
        };
        Ok(LockedFile {
            name,
            sha256,
            size: self.size,
            place,
        })
    }
}

/// Reads a lock that lies in `directory`. Which wheel is taken is for `preference` to say.
pub(super) fn read(
    text: &str,
    directory: &Path,
    python: &str,
    preference: &Preference<'_>,
) -> Result<Lock, PylockError> {
    let raw = parse(text)?;
    let mut packages = Vec::new();
    for package in holding(&raw, python)? {
        let locked = choose(package, directory, preference)?;
        let missing = || PylockError::NoFile(package.name.clone());
        let mut locked = locked.ok_or_else(missing)?;
        if raw.created_by == CREATED_BY && package.archive.is_none() {
            locked.file.place = locked.file.place.of_index();
        }
        packages.push(locked);
    }
    packages.sort_by(|one: &LockedPackage, other| one.name.cmp(&other.name));
    let twice = packages.windows(2).find_map(|pair| match pair {
        [one, other] if one.name == other.name => Some(one.name.clone()),
        _ => None,
    });
    if let Some(name) = twice {
        return Err(PylockError::Twice(name));
    }
    Ok(Lock {
        created_by: raw.created_by,
        inputs: raw.tool.eryx,
        packages,
    })
}

/// Reads a lock that this tool wrote, with no file of the host in it.
///
/// # Errors
/// When it is not such a lock.
pub fn read_text(text: &str, python: &str) -> Result<Lock, PylockError> {
    read(text, Path::new("/"), python, &Preference::default())
}

/// Reads the form of a lock, without a look at what its packages mean.
pub(super) fn parse(text: &str) -> Result<RawLock, PylockError> {
    let raw: RawLock =
        toml::from_str(text).map_err(|error| PylockError::Toml(error.message().to_owned()))?;
    let major = raw.lock_version.split('.').next();
    if major != Some("1") {
        return Err(PylockError::Version(raw.lock_version));
    }
    Ok(raw)
}

/// The packages whose markers hold in the sandbox.
pub(super) fn holding<'a>(
    raw: &'a RawLock,
    python: &str,
) -> Result<Vec<&'a RawPackage>, PylockError> {
    let environment = environment::sandbox(python);
    let holds = |package: &RawPackage| {
        let Some(marker) = &package.marker else {
            return Ok(true);
        };
        holds(marker, environment.as_ref()).ok_or_else(|| PylockError::Marker {
            package: package.name.clone(),
            marker: marker.clone(),
        })
    };
    let mut held = Vec::new();
    for package in &raw.packages {
        if holds(package)? {
            held.push(package);
        }
    }
    Ok(held)
}

fn holds(marker: &str, environment: Option<&MarkerEnvironment>) -> Option<bool> {
    // The marker is a stranger's, and reading a whole requirement guards against hostile ones.
    let requirement = requirement::parse(&format!("x ; {marker}")).ok()?;
    Some(requirement.marker.evaluate(environment?, &[]))
}

/// The best file of a package; `None` when none fits.
pub(super) fn choose<'a>(
    package: &'a RawPackage,
    directory: &Path,
    preference: &Preference<'_>,
) -> Result<Option<LockedPackage>, PylockError> {
    let wrong = |problem| PylockError::Package {
        package: package.name.clone(),
        problem,
    };
    if !is_package_name(&package.name) {
        return Err(wrong("its name is not one"));
    }
    let name = normalize_package_name(&package.name);
    let file = if let Some(archive) = &package.archive {
        Some(archive.locked(directory, true).map_err(wrong)?)
    } else {
        let allowed = |file: &&RawFile| {
            let sha256 = file.hashes.sha256.as_deref().and_then(Digest::from_hex);
            sha256.is_some_and(|sha256| preference.allows(&name, &sha256))
        };
        let best = |wheels: Vec<&'a RawFile>| {
            let names = wheels.iter().filter_map(|wheel| wheel.file_name());
            let best = choice::best_wheel(names, &name, preference)?;
            let is_best = |wheel: &&RawFile| wheel.file_name().as_ref() == Some(&best);
            wheels.into_iter().find(is_best)
        };
        // A file that is not allowed is better to complain about than none.
        let file = best(package.wheels.iter().filter(allowed).collect())
            .or_else(|| package.sdist.as_ref().filter(allowed))
            .or_else(|| best(package.wheels.iter().collect()))
            .or(package.sdist.as_ref());
        file.map(|file| file.locked(directory, false).map_err(wrong))
            .transpose()?
    };
    let Some(file) = file else {
        return Ok(None);
    };
    let version = match &package.version {
        Some(version) => version.clone(),
        None => choice::version_of(&file.name).ok_or_else(|| wrong("it has no version"))?,
    };
    if Version::from_str(&version).is_err() {
        return Err(wrong("its version is not one of PEP 440"));
    }
    let dependencies = package
        .dependencies
        .iter()
        .filter_map(|dependency| dependency.name.as_deref())
        .map(normalize_package_name);
    Ok(Some(LockedPackage {
        name,
        version,
        file,
        dependencies: dependencies.collect(),
    }))
}

#[cfg(test)]
mod tests;
