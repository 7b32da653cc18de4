//! The libraries that are linked to a runtime.

use std::sync::Arc;

/// A WebAssembly shared library that is linked to the runtime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedLibrary {
    /// Its absolute path in the sandbox.
    pub path: String,
    /// The library.
    pub bytes: Arc<[u8]>,
    /// The file names of the libraries that it needs, in its own order.
    pub needed: Vec<String>,
    /// Whether programs open it by its path; other libraries are found by their file name.
    pub is_opened_by_path: bool,
}

/// The last part of a sandbox path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
