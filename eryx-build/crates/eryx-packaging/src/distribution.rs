//! A wheel on this machine, and where it comes from.

use std::path::PathBuf;

use eryx_base::Digest;

/// A wheel on this machine, ready to be unpacked.
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
    /// The source distribution that it was built from.
    pub source: Option<SourceFile>,
}

/// Where a distribution comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A file of the host.
    LocalFile,
    /// The package index that the user's installer is configured for.
    Index,
    /// An address that a requirement names.
    Url(String),
}

/// The source distribution that a wheel was built from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its file name.
    pub name: String,
    /// Its hash.
    pub sha256: Digest,
}
