//! How a namespace is put together.

use std::sync::Arc;

use bytes::Bytes;

use super::mounts::Mounts;
use super::types::Namespace;
use crate::error::FileError;
use crate::file_system::FileSystem;
use crate::memory::MemoryFile;
use crate::path::RelativePath;

/// Why a namespace cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum MountError {
    /// The path in the sandbox is not one.
    #[error(
        "cannot mount at {path:?} in the sandbox, because that is not an absolute path without `.` and `..`"
    )]
    Path {
        /// The path that was asked for.
        path: String,
        /// What is wrong with it.
        #[source]
        source: FileError,
    },
    /// Two mounts at one path.
    #[error("cannot mount at {path:?} in the sandbox twice: leave out one of the mounts")]
    Twice {
        /// The path that was asked for.
        path: String,
    },
}

impl Namespace {
    /// A namespace with nothing in it yet.
    pub fn builder() -> NamespaceBuilder {
        NamespaceBuilder::default()
    }
}

/// Collects mounts for a [`Namespace`].
pub struct NamespaceBuilder {
    mounts: Mounts,
}

impl Default for NamespaceBuilder {
    fn default() -> Self {
        Self {
            mounts: Mounts::new(),
        }
    }
}

impl NamespaceBuilder {
    /// Mounts a file system at an absolute path, over whatever is there. Directories on the way
    /// need not exist. The order of mounts does not matter.
    ///
    /// # Errors
    /// [`MountError`], which names the path.
    pub fn mount(mut self, path: &str, mounted: Arc<dyn FileSystem>) -> Result<Self, MountError> {
        let normal = path
            .strip_prefix('/')
            .ok_or(FileError::Invalid)
            .and_then(|path| RelativePath::new(path.strip_suffix('/').unwrap_or(path)));
        let normal = normal.map_err(|source| MountError::Path {
            path: path.to_owned(),
            source,
        })?;
        if self.mounts.add(normal, mounted) {
            Ok(self)
        } else {
            Err(MountError::Twice {
                path: path.to_owned(),
            })
        }
    }

    /// Mounts a read-only file with these contents at an absolute path.
    ///
    /// # Errors
    /// [`MountError`], which names the path.
    pub fn mount_file(self, path: &str, contents: impl Into<Bytes>) -> Result<Self, MountError> {
        self.mount(path, Arc::new(MemoryFile::new(contents)))
    }

    /// The finished namespace.
    pub fn build(self) -> Namespace {
        Namespace {
            mounts: self.mounts,
        }
    }
}
