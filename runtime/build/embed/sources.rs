//! `sources.toml`: what the runtime is made of besides our own files.

use super::failure::Failure;
use serde::Deserialize;
use std::{fs, path::Path};

/// Everything that is taken from elsewhere.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sources {
    #[serde(rename = "crate")]
    pub crates: Vec<Source>,
    #[serde(rename = "wheel")]
    pub wheels: Vec<Source>,
}

/// One package of a registry.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    pub name: String,
    pub version: String,
    /// Of the package's file, in lower-case hexadecimal digits.
    pub sha256: String,
    /// What is taken, in words.
    pub takes: String,
    /// Of what is taken: an SPDX expression.
    pub license: String,
    /// What is taken, by itself.
    #[serde(rename = "part")]
    pub parts: Vec<Part>,
    /// The C library in it, which is compiled into the guest.
    pub library: Option<Library>,
}

/// A work of its own within a package, with its name and licence.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    pub name: String,
    pub version: String,
    /// An SPDX expression.
    pub license: String,
    /// Where the texts of the licence are.
    pub texts: Vec<String>,
}

/// A C library in a crate.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Library {
    /// An archive within the crate that holds the library.
    pub archive: Option<String>,
    /// The directory that all other paths are below.
    pub root: String,
    /// Files, or all of a directory that end like this: `directory/*.c`.
    pub compile: Vec<String>,
    /// Names of files that are left out.
    #[serde(default)]
    pub except: Vec<String>,
    /// Directories of headers, in the order in which they are searched.
    pub include: Vec<String>,
    /// Macros: `NAME` or `NAME=VALUE`.
    pub define: Vec<String>,
}

impl Sources {
    /// Reads the list.
    pub(super) fn read(directory: &Path) -> Result<Self, Failure> {
        let path = directory.join("sources.toml");
        let text =
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// The crate of this name.
    pub(super) fn named(&self, name: &str) -> Result<&Source, Failure> {
        (self.crates.iter().chain(&self.wheels))
            .find(|source| source.name == name)
            .ok_or_else(|| format!("sources.toml lacks {name}"))
    }

    /// All of them, in the order of the list.
    pub(super) fn all(&self) -> impl Iterator<Item = &Source> {
        self.crates.iter().chain(&self.wheels)
    }
}
