//! The site tree: the files that land under `/site-packages` in the sandbox.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::note::Note;
use crate::package::PackageMetadata;
use crate::site_packages::is_path_file;

/// The files that land under `/site-packages` in the sandbox.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteTree {
    /// The files by their path relative to `/site-packages`, with `/` between names.
    pub files: BTreeMap<String, SiteFile>,
    /// The packages, in the order of the distributions.
    pub packages: Vec<PackageMetadata>,
    /// The native libraries that were left out because the manifest says so.
    pub left_out: Vec<LeftOut>,
    /// What users should know, in the order of the packages.
    pub notes: Vec<Note>,
}

impl SiteTree {
    /// Whether there are `.pth` files that Python would process when it starts.
    #[must_use]
    pub fn has_path_files(&self) -> bool {
        self.files.keys().any(|path| is_path_file(path))
    }
}

/// One file of the site tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFile {
    /// Its contents.
    pub contents: Arc<[u8]>,
    /// Which of the tree's packages it belongs to.
    pub package: usize,
}

/// A native library that was left out of the site tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Which of the tree's packages it belongs to.
    pub package: usize,
    /// The path that it would have had, relative to `/site-packages`.
    pub path: String,
}
