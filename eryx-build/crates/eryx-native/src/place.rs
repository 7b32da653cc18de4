//! The sources of C libraries, from where they are published: crates that carry them, Debian's source
//! packages, the projects' own addresses. Each is fetched by the client that the user has for it, and
//! taken by its hash.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use eryx_base::{Digest, regular_file};
use eryx_cache::Cache;
use serde::Deserialize;

use crate::command::{self, Log};
use crate::error::NativeBuildError;
use crate::python::Python;
use crate::recipe::{LibraryRecipe, Place};

/// The cache's kind of archives of sources, by their content.
const ARCHIVES: &str = "library-sources";

/// The largest archive, in bytes.
const MAX_ARCHIVE: u64 = 512 << 20;

/// The suites of Debian in which a source package is looked for.
const SUITES: [&str; 3] = ["sid", "trixie", "bookworm"];

/// Fetches and unpacks sources of libraries.
pub(crate) struct Fetcher<'a> {
    /// Where archives are kept.
    pub cache: &'a Cache,
    /// Unpacks archives, and downloads them.
    pub python: &'a Python,
    /// Whether only the cache may be used.
    pub offline: bool,
}

impl Fetcher<'_> {
    /// The sources of a library, below `directory`: from the first of its places that has them.
    pub(crate) fn fetch(
        &self,
        library: &LibraryRecipe,
        directory: &Path,
        log: &mut Log<'_>,
    ) -> Result<PathBuf, NativeBuildError> {
        let mut problems = Vec::new();
        for (number, place) in library.places.iter().enumerate() {
            let directory = directory.join(number.to_string());
            let found = match (&place.krate, &place.debian, &place.address) {
                (Some(krate), _, _) => self.of_crate(krate, place, &directory, log),
                (_, Some(package), _) => self.of_debian(package, place, &directory, log),
                (_, _, Some(address)) => self.of_address(address, place, &directory, log),
                _ => continue,
            };
            match found {
                Ok(top) => return Ok(top.join(&place.directory)),
                Err(error) => problems.push(eryx_base::errors::chain(&error)),
            }
        }
        Err(NativeBuildError::Sources {
            library: library.name.clone(),
            problems: command::indented(problems.iter().map(String::as_str)),
        })
    }

    /// The files of a crate, which cargo fetches and verifies.
    fn of_crate(
        &self,
        krate: &str,
        place: &Place,
        directory: &Path,
        log: &mut Log<'_>,
    ) -> Result<PathBuf, NativeBuildError> {
        let (name, version) = krate.split_once('@').unwrap_or((krate, "*"));
        let project = directory.join("project");
        fs::create_dir_all(&project).map_err(NativeBuildError::file(&project))?;
        // What cargo's index tells is without the build number.
        let bare = version.split('+').next().unwrap_or(version);
        let manifest = format!(
            "[package]\nname = \"sources\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[lib]\npath = \"lib.rs\"\n\n\
             [dependencies]\n{name:?} = {{ version = {:?}, default-features = false }}\n\n[workspace]\n",
            format!("={bare}")
        );
        for (file, text) in [("Cargo.toml", manifest.as_str()), ("lib.rs", "")] {
            let path = project.join(file);
            fs::write(&path, text).map_err(NativeBuildError::file(&path))?;
        }
        let vendored = directory.join("vendored");
        let mut command = Command::new("cargo");
        command
            .args(["vendor", "--quiet", "--versioned-dirs", "--manifest-path"])
            .arg(project.join("Cargo.toml"))
            .arg(&vendored)
            .current_dir(&project);
        if self.offline {
            command.arg("--offline");
        }
        let what = format!("fetching the crate {krate}");
        command::run(&mut command, &what, ": install Rust", log)?;
        let top = vendored.join(format!("{name}-{version}"));
        let found = Checksums::read(&top.join(".cargo-checksum.json"));
        verified(krate, found, &place.sha256)?;
        Ok(top)
    }

    /// The original sources of one of Debian's packages, without Debian's changes.
    fn of_debian(
        &self,
        package: &str,
        place: &Place,
        directory: &Path,
        log: &mut Log<'_>,
    ) -> Result<PathBuf, NativeBuildError> {
        let archive = match self.cache.file(ARCHIVES, &place.sha256) {
            Some(archive) => archive,
            None if self.offline => {
                return Err(NativeBuildError::Offline {
                    what: format!("Debian's source package {package}"),
                });
            }
            None => {
                let (name, version) = package.split_once('@').unwrap_or((package, ""));
                let scratch = directory.join("debian");
                log.say(&format!("fetching Debian's source package {package}"));
                let file = eryx_debian::original_sources(&eryx_debian::SourceRequest {
                    package: name,
                    version,
                    suites: &SUITES,
                    directory: &scratch,
                })?;
                self.kept(package, &file, &place.sha256)?
            }
        };
        self.unpack(&archive, directory, log)
    }

    /// The archive at an address.
    fn of_address(
        &self,
        address: &str,
        place: &Place,
        directory: &Path,
        log: &mut Log<'_>,
    ) -> Result<PathBuf, NativeBuildError> {
        let archive = match self.cache.file(ARCHIVES, &place.sha256) {
            Some(archive) => archive,
            None if self.offline => {
                return Err(NativeBuildError::Offline {
                    what: address.to_owned(),
                });
            }
            None => {
                fs::create_dir_all(directory).map_err(NativeBuildError::file(directory))?;
                let file = directory.join("archive");
                let mut command = self.python.command();
                command
                    .args(["-c", include_str!("download.py"), address])
                    .arg(&file)
                    .arg(MAX_ARCHIVE.to_string());
                command::run(&mut command, &format!("downloading {address}"), "", log)?;
                self.kept(address, &file, &place.sha256)?
            }
        };
        self.unpack(&archive, directory, log)
    }

    fn kept(&self, what: &str, file: &Path, sha256: &Digest) -> Result<PathBuf, NativeBuildError> {
        let found = regular_file::open(file)
            .and_then(Digest::of_reader)
            .map_err(NativeBuildError::file(file))?;
        verified(what, Some(found.0), sha256)?;
        Ok(self.cache.keep_file(ARCHIVES, file)?.1)
    }

    /// Unpacks an archive whose hash is known, and gives the one directory in it.
    fn unpack(
        &self,
        archive: &Path,
        directory: &Path,
        log: &mut Log<'_>,
    ) -> Result<PathBuf, NativeBuildError> {
        let unpacked = directory.join("unpacked");
        fs::create_dir_all(&unpacked).map_err(NativeBuildError::file(&unpacked))?;
        let mut command = self.python.command();
        command
            .args(["-c", include_str!("unpack.py")])
            .arg(archive)
            .arg(&unpacked);
        command::run(&mut command, "unpacking the sources", "", log)?;
        let entries = fs::read_dir(&unpacked).map_err(NativeBuildError::file(&unpacked))?;
        let mut tops: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        match (tops.pop(), tops.pop()) {
            (Some(top), None) if top.is_dir() => Ok(top),
            _ => Ok(unpacked),
        }
    }
}

/// What cargo notes beside a vendored crate.
#[derive(Deserialize)]
struct Checksums {
    package: Option<String>,
}

impl Checksums {
    fn read(path: &Path) -> Option<Digest> {
        let text = fs::read(path).ok()?;
        let checksums: Self = serde_json::from_slice(&text).ok()?;
        Digest::from_hex(&checksums.package?)
    }
}

fn verified(what: &str, found: Option<Digest>, wanted: &Digest) -> Result<(), NativeBuildError> {
    if found == Some(*wanted) {
        return Ok(());
    }
    Err(NativeBuildError::Hash {
        what: what.to_owned(),
        wanted: wanted.to_string(),
        found: found.map_or_else(|| "none".to_owned(), |digest| digest.to_string()),
    })
}
