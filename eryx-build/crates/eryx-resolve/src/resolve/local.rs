//! Wheels of the host: whether they fit, what they are, and what they require.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use eryx_base::{Digest, regular_file};
use eryx_manifest::PackagesSection;
use eryx_packaging::normalize_package_name;
use eryx_packaging::requirement;
use eryx_packaging::{Fit, WheelName, WheelNameError, describe_platform, fit_with};

use super::error::ResolveError;
use super::lock::{LockedFile, LockedPackage, Place};

/// The most that is read of a wheel's METADATA, in bytes.
const MAX_METADATA: u64 = 8 << 20;

/// A wheel of the host.
#[derive(Debug)]
pub(super) struct LocalWheel {
    /// Normalised.
    pub name: String,
    version: String,
    path: PathBuf,
    sha256: Digest,
    /// What it requires: normalised names and whole requirements.
    pub requires: Vec<(String, String)>,
}

impl LocalWheel {
    /// Its entry of the lock.
    pub(super) fn locked(&self) -> LockedPackage {
        let mut dependencies: Vec<String> =
            self.requires.iter().map(|(name, _)| name.clone()).collect();
        dependencies.sort();
        dependencies.dedup();
        LockedPackage {
            name: self.name.clone(),
            version: self.version.clone(),
            file: LockedFile {
                name: self.file_name(),
                sha256: self.sha256,
                size: None,
                place: Place::Path(self.path.clone()),
            },
            dependencies,
        }
    }

    pub(super) fn file_name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }
}

/// Reads the wheels that a manifest names.
pub(super) fn read(packages: &PackagesSection) -> Result<Vec<LocalWheel>, ResolveError> {
    let mut found: BTreeMap<String, LocalWheel> = BTreeMap::new();
    let mut misfits = Vec::new();
    for path in &packages.wheels {
        let file_name = path.file_name().and_then(|name| name.to_str());
        let wheel = match check(file_name.unwrap_or_default(), path, packages) {
            Ok(wheel) => wheel,
            Err(misfit) => {
                misfits.push(misfit);
                continue;
            }
        };
        if let Some(first) = found.get(&wheel.name) {
            return Err(ResolveError::Duplicate {
                name: wheel.name,
                first: first.path.clone(),
                second: path.clone(),
            });
        }
        let (sha256, _) = regular_file::open(path)
            .and_then(Digest::of_reader)
            .map_err(|source| ResolveError::Read {
                path: path.clone(),
                source,
            })?;
        let wheel = LocalWheel {
            name: wheel.name,
            version: wheel.version,
            path: path.clone(),
            sha256,
            requires: requires(path).unwrap_or_default(),
        };
        found.insert(wheel.name.clone(), wheel);
    }
    ResolveError::all(misfits)?;
    Ok(found.into_values().collect())
}

/// Checks by its name that a wheel fits the sandbox.
pub(super) fn check(
    file_name: &str,
    path: &Path,
    packages: &PackagesSection,
) -> Result<WheelName, ResolveError> {
    let wheel = WheelName::parse(file_name).map_err(|problem| {
        let path = path.to_owned();
        match problem {
            WheelNameError::NotAWheel => ResolveError::NotAWheel(path),
            problem => ResolveError::FileName { path, problem },
        }
    })?;
    match fit_with(&wheel, &packages.platform_tags) {
        Fit::Fits => Ok(wheel),
        Fit::OtherPlatform if packages.without_native.contains(&wheel.name) => Ok(wheel),
        Fit::OtherPlatform => {
            let platform = wheel.platform.first().map(|tag| describe_platform(tag));
            Err(ResolveError::OtherPlatform {
                path: path.to_owned(),
                tags: wheel.to_string(),
                platform: platform.unwrap_or_default(),
                name: wheel.name,
            })
        }
        Fit::OtherPython => Err(ResolveError::OtherPython {
            path: path.to_owned(),
            tags: wheel.to_string(),
        }),
    }
}

/// What a wheel says it requires. `None` for one that cannot be read: that is for unpacking to say.
fn requires(path: &Path) -> Option<Vec<(String, String)>> {
    let mut archive = ZipArchive::new(regular_file::open(path).ok()?).ok()?;
    let is_metadata =
        |name: &str| name.ends_with(".dist-info/METADATA") && name.matches('/').count() == 1;
    let metadata = archive
        .file_names()
        .filter_map(Result::ok)
        .find(|name| is_metadata(name))?
        .into_owned();
    let mut text = String::new();
    let entry = archive.by_name(&metadata).ok()?;
    entry.take(MAX_METADATA).read_to_string(&mut text).ok()?;
    let headers = text.lines().take_while(|line| !line.is_empty());
    let requirements = headers.filter_map(|line| {
        let (key, value) = line.split_once(':')?;
        if !key.eq_ignore_ascii_case("Requires-Dist") {
            return None;
        }
        let value = value.trim();
        let parsed = requirement::parse(value).ok()?;
        let name = normalize_package_name(parsed.name.as_ref());
        Some((name, value.to_owned()))
    });
    Some(requirements.collect())
}
