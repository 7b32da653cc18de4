//! What a build starts from, and what comes of it.

use std::path::PathBuf;

use eryx_base::Digest;
use eryx_packaging::Distribution;

/// A source distribution on this machine whose hash is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceArchive {
    /// The package name.
    pub name: String,
    /// The version (PEP 440), when it is known before the build.
    pub version: Option<String>,
    /// Where the file is. A file of the cache does not have the name of a source distribution.
    pub path: PathBuf,
    /// The file name, which ends in `.tar.gz`, `.tgz` or `.zip`.
    pub file_name: String,
    /// The hash of the file.
    pub sha256: Digest,
}

/// A wheel that was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltWheel {
    /// Where it is in the cache, under a name that is not that of a wheel.
    pub path: PathBuf,
    /// Its file name, with its tags.
    pub file_name: String,
    /// The hash of the file.
    pub sha256: Digest,
}

/// Turns build requirements into wheels, with all that they require in turn. They are in canonical
/// form (PEP 508), hold in the sandbox and name no addresses. It may build source distributions
/// itself, on the thread that called it.
pub type Requirements<'a> = dyn Fn(&[String]) -> Result<Vec<Distribution>, Box<dyn std::error::Error + Send + Sync>>
    + Sync
    + 'a;
