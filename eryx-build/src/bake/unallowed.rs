//! Packages whose builds would run programs of the machine, when the manifest does not allow it.

use std::fmt;

use crate::source::SourceError;

/// A package whose build runs programs of the machine, and was not allowed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unallowed {
    /// The package, normalised.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The programs, as far as they are known.
    pub programs: Vec<String>,
}

impl Unallowed {
    /// A package that the sandbox could not build.
    pub(super) fn new(name: &str, error: &SourceError) -> Self {
        let stem = error.archive.trim_end_matches(".tar.gz").rsplit_once('-');
        Self {
            name: name.to_owned(),
            version: stem
                .map(|(_, version)| version.to_owned())
                .unwrap_or_default(),
            programs: error.programs(),
        }
    }
}

impl fmt::Display for Unallowed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            version,
            programs,
        } = self;
        let version = match version.as_str() {
            "" => String::new(),
            version => format!(" {version}"),
        };
        write!(formatter, "{name}{version} runs {}", programs.join(", "))
    }
}
