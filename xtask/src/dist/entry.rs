//! One file of the archive.

/// One file of the archive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    /// Below the archive's one directory.
    pub(crate) path: String,
    /// What is in it.
    pub(crate) bytes: Vec<u8>,
    /// Whether it can be run.
    pub(crate) is_program: bool,
}

impl Entry {
    /// A file to read.
    pub(crate) fn file(path: String, bytes: Vec<u8>) -> Self {
        Self {
            path,
            bytes,
            is_program: false,
        }
    }

    /// A file to run.
    pub(crate) fn program(path: String, bytes: Vec<u8>) -> Self {
        Self {
            is_program: true,
            ..Self::file(path, bytes)
        }
    }
}
