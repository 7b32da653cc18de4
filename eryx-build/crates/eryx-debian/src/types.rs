//! What is asked for, and what is given.

use std::path::{Path, PathBuf};

/// What is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The name of a binary package.
    pub package: &'a str,
    /// The suite or the code name of a release, such as `sid`.
    pub suite: &'a str,
    /// Where packages are kept; made when it is missing. It must belong to this user alone.
    pub directory: &'a Path,
    /// Whether to ask the mirror for a newer version when one is kept already.
    pub refresh: bool,
}

/// Which original sources are wanted.
#[derive(Debug, Clone, Copy)]
pub struct SourceRequest<'a> {
    /// The name of a source package.
    pub package: &'a str,
    /// The version of the original sources, without Debian's own revision.
    pub version: &'a str,
    /// The suites in which it is looked for, the first one first.
    pub suites: &'a [&'a str],
    /// Where the archive is put; made when it is missing.
    pub directory: &'a Path,
}

/// A package that is unpacked on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its version, as Debian writes it.
    pub version: String,
    /// The hash of the archive, 64 hexadecimal digits.
    pub sha256: String,
    /// The directory that has its files, as they would be below `/`.
    pub files: PathBuf,
}
