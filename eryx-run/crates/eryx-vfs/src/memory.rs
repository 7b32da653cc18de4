//! One read-only file that lies in memory, such as the script of a run.

use std::sync::Arc;

use bytes::Bytes;

use super::error::FileError;
use super::file_system::{DirectoryEntries, FileSystem, Opened, check_read_only_open};
use super::image::ImageFile;
use super::path::RelativePath;
use super::types::{FileType, Follow, Metadata, OpenOptions};

/// A file system whose root is a single file that cannot be changed.
#[derive(Debug, Clone)]
pub struct MemoryFile {
    data: Bytes,
}

impl MemoryFile {
    /// A file with these contents.
    pub fn new(data: impl Into<Bytes>) -> Self {
        Self { data: data.into() }
    }

    fn root_metadata(&self) -> Metadata {
        Metadata::fixed(FileType::File, self.data.len() as u64, 1)
    }
}

impl FileSystem for MemoryFile {
    fn metadata(&self, path: RelativePath<'_>, _follow: Follow) -> Result<Metadata, FileError> {
        if path.is_root() {
            Ok(self.root_metadata())
        } else {
            Err(FileError::NotDirectory)
        }
    }

    fn open(&self, path: RelativePath<'_>, options: &OpenOptions) -> Result<Opened, FileError> {
        check_read_only_open(self.metadata(path, Follow::Yes)?.file_type, options)?;
        Ok(Opened::File(Arc::new(ImageFile {
            data: self.data.clone(),
            metadata: self.root_metadata(),
        })))
    }

    fn read_directory(&self, _path: RelativePath<'_>) -> Result<DirectoryEntries, FileError> {
        Err(FileError::NotDirectory)
    }
}
