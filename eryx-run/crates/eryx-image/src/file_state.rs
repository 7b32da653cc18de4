//! What tells files of the host, and their states, apart.

use std::fs::File;
use std::io;

/// What tells a file of the host from all others, whatever its paths are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileIdentity {
    /// The number of the device that it is on.
    pub device: u64,
    /// Its number on that device.
    pub inode: u64,
}

impl FileIdentity {
    /// The identity of a file by what the system says about it.
    #[cfg(unix)]
    pub fn of(metadata: &std::fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
        }
    }
}

/// What tells the state of a file from all others that it had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileState {
    pub(super) identity: FileIdentity,
    /// In bytes.
    pub(super) size: u64,
    /// When its contents were changed, in seconds and nanoseconds.
    pub(super) modified: (i64, i64),
    /// When anything about it was changed, in the same way.
    pub(super) changed: (i64, i64),
}

impl FileState {
    /// The state of an open file, where the system tells files apart.
    #[cfg(unix)]
    pub(super) fn of(file: &File) -> io::Result<Option<Self>> {
        use std::os::unix::fs::MetadataExt as _;
        let metadata = file.metadata()?;
        Ok(Some(Self {
            identity: FileIdentity::of(&metadata),
            size: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }))
    }

    /// The state of an open file, where the system tells files apart.
    #[cfg(not(unix))]
    pub(super) fn of(_file: &File) -> io::Result<Option<Self>> {
        Ok(None)
    }
}
