//! What is compiled alike: a library of others, or a directory of our own.

use std::path::PathBuf;

/// Files that are compiled alike.
pub(super) struct Unit {
    /// The directory that everything else is below, which keeps its own path out of the objects.
    pub root: PathBuf,
    /// C files, relative to the root.
    pub files: Vec<String>,
    /// What else the compiler is told.
    pub flags: Vec<String>,
}
