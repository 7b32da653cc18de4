//! The files of a source distribution.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use eryx_wheel::unpack::path;

use super::archive_problem::ArchiveProblem;

/// The files of a source distribution, by their path with the directory at the top.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceTree {
    /// The directory at the top, mostly `name-version`.
    pub top: String,
    /// The files.
    pub files: BTreeMap<String, Bytes>,
    /// The directories that are named, of which some may be empty.
    pub directories: BTreeSet<String>,
}

impl SourceTree {
    /// A file below the directory at the top.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Bytes> {
        self.files.get(&format!("{}/{path}", self.top))
    }

    /// The size of all files together, in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        let sizes = self.files.values().map(|file| file.len() as u64);
        sizes.fold(0, u64::saturating_add)
    }
}

/// Checks the path of an entry, which has no slash at its end. Names that are devices elsewhere are
/// common among test data, and nothing of a source distribution is ever written to the host.
pub(super) fn check_path(path: &str) -> Result<(), ArchiveProblem> {
    path::check_in_sandbox(path).map_err(|problem| ArchiveProblem::Path {
        path: path.to_owned(),
        problem,
    })
}
