//! Turns a lock into files on this machine, each with the hash that the lock names.
//!
//! Local files are taken where they are. Others are downloaded by the user's own installer, with
//! whatever mirrors, proxies and credentials it is configured for, by name, version and hash, so that
//! a lock made with one mirror works with another. No code of a package runs, and nothing is opened
//! before its hash is checked. Downloads are kept in the per-user cache by their hash; once they are
//! there no installer is started and no network is needed.
//!
//! This module must not know what is in a file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pep508_rs::VersionOrUrl;

use crate::installer::{
    Answer, Installer, Job, PipOptions, Question, index_arguments, says_network,
};
use crate::resolve::{Lock, LockedPackage, Place};
use eryx_base::{Digest, regular_file};
use eryx_cache::Cache;
use eryx_manifest::PackagesSection;
use eryx_packaging::requirement;
use eryx_packaging::url::without_user;
use eryx_packaging::{Distribution, Origin};

mod error;
#[cfg(test)]
mod tests;

pub use error::FetchError;

/// The cache kind of distributions, by their content.
const DISTRIBUTIONS: &str = "distributions";

/// A file of a lock on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched<'a> {
    /// The lock's entry.
    pub package: &'a LockedPackage,
    /// Where the file is. A file of the cache does not have the name that the lock says.
    pub path: PathBuf,
}

impl Fetched<'_> {
    /// The distribution that a wheel is, or that was built from it.
    #[must_use]
    pub fn distribution(&self) -> Distribution {
        let file = &self.package.file;
        Distribution {
            name: self.package.name.clone(),
            version: self.package.version.clone(),
            wheel: self.path.clone(),
            file_name: file.name.clone(),
            sha256: file.sha256,
            origin: match &file.place {
                Place::Index(_) => Origin::Index,
                Place::Url(url) => Origin::Url(without_user(url)),
                Place::Path(_) => Origin::LocalFile,
            },
            source: None,
        }
    }
}

/// How files are fetched.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// What is wanted.
    pub lock: &'a Lock,
    /// The manifest's section, which may name indexes.
    pub packages: &'a PackagesSection,
    /// The version of Python in the runtime, `3.14.0`.
    pub python: &'a str,
    /// Whether only the cache may be used.
    pub offline: bool,
}

/// Fetches what a lock names, in the order of the lock. `report` is told what is happening, one
/// short line at a time, from any thread.
///
/// # Errors
/// When there is no installer, when the index does not have a file, when the network fails, when a
/// file is not the one that the lock names, or when the cache cannot be written.
pub fn fetch<'a>(
    request: &Request<'a>,
    cache: &Cache,
    report: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Fetched<'a>>, FetchError> {
    let mut found = BTreeMap::new();
    let mut missing = Vec::new();
    for package in &request.lock.packages {
        match find(package, cache)? {
            Some(path) => {
                found.insert(package.name.as_str(), path);
            }
            None => missing.push(package),
        }
    }
    if let (Some(package), true) = (missing.first(), request.offline) {
        return Err(FetchError::Offline {
            package: pin(package),
            file: package.file.name.clone(),
        });
    }
    if !missing.is_empty() {
        for (package, path) in download(&missing, request, cache, report)? {
            found.insert(package.name.as_str(), path);
        }
    }
    let packages = request.lock.packages.iter();
    packages
        .map(|package| {
            let path = found.remove(package.name.as_str());
            let lost = || not_downloaded(package);
            path.map(|path| Fetched { package, path }).ok_or_else(lost)
        })
        .collect()
}

/// Keeps a file that is on this machine anyway; gives its hash and where it is now.
///
/// # Errors
/// When it cannot be read, or the cache cannot be written.
pub fn keep(cache: &Cache, file: &Path) -> Result<(Digest, PathBuf), FetchError> {
    Ok(cache.keep_file(DISTRIBUTIONS, file)?)
}

/// The file of a package, unless it has to be downloaded first.
fn find(package: &LockedPackage, cache: &Cache) -> Result<Option<PathBuf>, FetchError> {
    let Place::Path(path) = &package.file.place else {
        return Ok(cache.file(DISTRIBUTIONS, &package.file.sha256));
    };
    let file = path.display().to_string();
    let digest = regular_file::open(path).and_then(Digest::of_reader);
    match digest {
        Ok((digest, _)) if digest == package.file.sha256 => Ok(Some(path.clone())),
        Ok(_) => Err(FetchError::Changed {
            package: pin(package),
            file,
        }),
        Err(source) => Err(FetchError::Read {
            package: pin(package),
            file,
            source,
        }),
    }
}

fn pin(package: &LockedPackage) -> String {
    format!("{}=={}", package.name, package.version)
}

fn not_downloaded(package: &LockedPackage) -> FetchError {
    FetchError::NotDownloaded {
        package: package.name.clone(),
        file: package.file.name.clone(),
    }
}

/// The line of a requirements file that asks for exactly this file.
fn requirement_line(package: &LockedPackage, packages: &PackagesSection) -> String {
    let hash = package.file.sha256;
    match &package.file.place {
        Place::Url(url) => {
            // A lock has no passwords, but the manifest may.
            let own = own_address(&package.name, url, packages);
            let url = own.as_deref().unwrap_or(url);
            format!("{} @ {url} --hash=sha256:{hash}\n", package.name)
        }
        _ => format!("{} --hash=sha256:{hash}\n", pin(package)),
    }
}

/// The address that the manifest itself gives for a package, when it is the one of the lock.
fn own_address(name: &str, url: &str, packages: &PackagesSection) -> Option<String> {
    let mut requirements = packages.requirements.iter();
    requirements.find_map(|requirement| {
        let own = direct_reference(&requirement.text).filter(|_| requirement.name == name)?;
        (without_user(&own) == url).then_some(own)
    })
}

/// The address in a requirement of the form `name @ address`.
fn direct_reference(text: &str) -> Option<String> {
    match requirement::parse(text).ok()?.version_or_url? {
        VersionOrUrl::Url(reference) => Some(reference.0),
        VersionOrUrl::VersionSpecifier(_) => None,
    }
}

fn download<'a>(
    missing: &[&'a LockedPackage],
    request: &Request<'_>,
    cache: &Cache,
    report: &(dyn Fn(&str) + Sync),
) -> Result<Vec<(&'a LockedPackage, PathBuf)>, FetchError> {
    let installer = Installer::find()?;
    let directory = cache.temporary_directory()?;
    let unusable = |source| FetchError::Directory { source };
    let lines = directory.path().join("requirements.txt");
    let text: String = missing
        .iter()
        .map(|one| requirement_line(one, request.packages))
        .collect();
    std::fs::write(&lines, text).map_err(unusable)?;
    let destination = directory.path().join("files");
    std::fs::create_dir(&destination).map_err(unusable)?;

    let mut options = PipOptions::for_python(request.python);
    options
        .platform_tags
        .clone_from(&request.packages.platform_tags);
    // Which file it is, is settled; pip only has to let it pass.
    let wheels = missing.iter().filter(|package| package.file.is_wheel());
    options.foreign = wheels.map(|package| package.name.clone()).collect();
    let mut arguments: Vec<String> = ["download", "--no-deps", "--require-hashes", "--pre"]
        .map(str::to_owned)
        .into();
    for (name, path) in [("--dest", &destination), ("--requirement", &lines)] {
        arguments.extend([name.to_owned(), path.to_string_lossy().into_owned()]);
    }
    arguments.extend(["--progress-bar".to_owned(), "off".to_owned()]);
    for package in missing {
        let only = if package.file.is_wheel() {
            "--only-binary"
        } else {
            "--no-binary"
        };
        arguments.extend([only.to_owned(), package.name.clone()]);
    }
    arguments.extend(options.target_arguments());
    arguments.extend(index_arguments(request.packages));
    // What it requires is settled as well, and nothing is opened before its hash is checked.
    let answer = |question: &Question| {
        let name = question
            .name
            .as_deref()
            .map(eryx_packaging::normalize_package_name);
        let package = missing.iter().find(|one| Some(&one.name) == name.as_ref());
        let package = package.ok_or_else(|| format!("{} was not asked for", question.url))?;
        let (name, version) = (&package.name, &package.version);
        let metadata = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
        Answer::new(name.clone(), version.clone(), metadata)
    };
    let job = Job::new(&options, arguments)
        .answering(&answer)
        .reporting(report);
    let outcome = installer.run(&job)?;
    if !outcome.success {
        return Err(failure(&installer.display(), missing, &outcome));
    }
    let mut kept = Vec::new();
    for package in missing {
        let path = downloaded(&destination, package).ok_or_else(|| not_downloaded(package))?;
        let (digest, path) = cache.keep_file(DISTRIBUTIONS, &path)?;
        if digest != package.file.sha256 {
            return Err(FetchError::Mismatch {
                package: pin(package),
                output: outcome.last_errors(),
            });
        }
        kept.push((*package, path));
    }
    Ok(kept)
}

/// Where the installer put the file of a package. A server may give a download a name of its own, so
/// the hash decides, not the name.
fn downloaded(directory: &Path, package: &LockedPackage) -> Option<PathBuf> {
    let is_it = |path: &Path| {
        let digest = regular_file::open(path).and_then(Digest::of_reader);
        digest.is_ok_and(|(digest, _)| digest == package.file.sha256)
    };
    let expected = directory.join(Path::new(&package.file.name).file_name()?);
    if is_it(&expected) {
        return Some(expected);
    }
    let entries = std::fs::read_dir(directory).ok()?.flatten();
    entries.map(|entry| entry.path()).find(|path| is_it(path))
}

fn failure(
    installer: &str,
    missing: &[&LockedPackage],
    outcome: &crate::installer::Outcome,
) -> FetchError {
    let installer = installer.to_owned();
    let output = outcome.last_errors();
    if says_network(&outcome.errors) {
        return FetchError::Network { installer, output };
    }
    let mismatch = outcome
        .errors
        .iter()
        .any(|line| line.contains("DO NOT MATCH THE HASHES"));
    let named = missing.iter().find(|package| {
        let errors = outcome.errors.iter();
        let mut lower = errors.map(|line| line.to_lowercase().replace('_', "-"));
        lower.any(|line| line.contains(&package.name))
    });
    match named {
        Some(package) if mismatch => FetchError::Mismatch {
            package: pin(package),
            output,
        },
        _ => {
            let packages: Vec<String> = missing.iter().map(|one| pin(one)).collect();
            FetchError::Failed {
                installer,
                packages: packages.join(", "),
                output,
            }
        }
    }
}
