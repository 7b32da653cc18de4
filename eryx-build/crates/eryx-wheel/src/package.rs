//! What is known of a package whose files are in the site tree.

use std::collections::BTreeMap;

use eryx_base::Digest;
use eryx_packaging::{Origin, SourceFile};

/// What is known of a package in the site tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageMetadata {
    /// The package name as its author writes it.
    pub name: String,
    /// The version as its author writes it.
    pub version: String,
    /// One line on what it is for.
    pub summary: Option<String>,
    /// Its licence: the expression, or else what the older fields say in one line.
    pub license: Option<String>,
    /// The Python versions it is for, such as `>=3.9`.
    pub requires_python: Option<String>,
    /// The requirements it states, as written (PEP 508).
    pub requires_dist: Vec<String>,
    /// The names of its extras, as written (PEP 508).
    pub provides_extra: Vec<String>,
    /// Its entry points: group, then name, then object reference.
    pub entry_points: BTreeMap<String, BTreeMap<String, String>>,
    /// The names of the scripts that were left out of it: `.data/scripts`.
    pub scripts: Vec<String>,
    /// The file name of its wheel.
    pub wheel: String,
    /// The hash of its wheel.
    pub sha256: Digest,
    /// Where its wheel, or the source distribution that it was built from, came from.
    pub origin: Origin,
    /// The source distribution that its wheel was built from.
    pub source: Option<SourceFile>,
    /// The size of its files in the site tree, in bytes.
    pub size: u64,
    /// The number of its files in the site tree.
    pub file_count: usize,
}
