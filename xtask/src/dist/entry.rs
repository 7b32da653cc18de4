//! One file of the archive.

/// One file of the archive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Below the archive's one directory.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// Whether it can be run.
    pub is_program: bool,
}

impl Entry {
    /// A file to read.
    pub fn file(path: String, bytes: Vec<u8>) -> Self {
        Self {
            path,
            bytes,
            is_program: false,
        }
    }

    /// A file to run.
    pub fn program(path: String, bytes: Vec<u8>) -> Self {
        Self {
            is_program: true,
            ..Self::file(path, bytes)
        }
    }
}
