//! Any file system, with everything that would change it refused.

use std::sync::Arc;

use bytes::Bytes;

use super::error::FileError;
use super::file_system::{
    DirectoryEntries, FileSystem, OpenFile, Opened, check_read_only_open, refuse_missing,
};
use super::lock::{ByteRange, LockChange};
use super::path::RelativePath;
use super::types::{FileType, Follow, Metadata, OpenOptions, Space};

/// A view of a file system through which nothing can be changed.
///
/// It passes on only what reads; all else gets the refusal that is [`FileSystem`]'s default.
pub struct ReadOnly {
    inner: Arc<dyn FileSystem>,
}

impl ReadOnly {
    /// The read-only view of `inner`.
    pub fn new(inner: Arc<dyn FileSystem>) -> Self {
        Self { inner }
    }
}

impl FileSystem for ReadOnly {
    fn metadata(&self, path: RelativePath<'_>, follow: Follow) -> Result<Metadata, FileError> {
        self.inner.metadata(path, follow).map(marked)
    }

    fn open(&self, path: RelativePath<'_>, options: &OpenOptions) -> Result<Opened, FileError> {
        if options.mutates() || options.create {
            let found = self.inner.metadata(path, options.follow());
            let found = found.map_err(|error| refuse_missing(self, path, options, error))?;
            check_read_only_open(found.file_type, options)?;
        }
        let harmless = OpenOptions {
            write: false,
            create: false,
            exclusive: false,
            truncate: false,
            ..*options
        };
        match self.inner.open(path, &harmless)? {
            Opened::File(file) => Ok(Opened::File(Arc::new(ReadOnlyFile { inner: file }))),
            Opened::Directory => Ok(Opened::Directory),
        }
    }

    fn read_directory(&self, path: RelativePath<'_>) -> Result<DirectoryEntries, FileError> {
        self.inner.read_directory(path)
    }

    fn read_link(&self, path: RelativePath<'_>) -> Result<String, FileError> {
        self.inner.read_link(path)
    }

    fn canonical_directory(&self, path: RelativePath<'_>) -> Result<Option<String>, FileError> {
        self.inner.canonical_directory(path)
    }

    fn space(&self) -> Result<Space, FileError> {
        Ok(Space {
            read_only: true,
            ..self.inner.space()?
        })
    }
}

/// Writing to a device changes no file system.
fn marked(metadata: Metadata) -> Metadata {
    Metadata {
        read_only: metadata.file_type != FileType::CharacterDevice,
        ..metadata
    }
}

/// An open file that cannot be changed, not even its timestamps.
struct ReadOnlyFile {
    inner: Arc<dyn OpenFile>,
}

impl OpenFile for ReadOnlyFile {
    fn read_at(&self, offset: u64, length: usize) -> Result<Bytes, FileError> {
        self.inner.read_at(offset, length)
    }

    fn metadata(&self) -> Result<Metadata, FileError> {
        self.inner.metadata().map(marked)
    }

    /// A reader may keep writers away, as any process can that may read the file.
    fn lock(&self, range: ByteRange, change: LockChange) -> Result<(), FileError> {
        self.inner.lock(range, change)
    }

    fn lock_whole(&self, change: LockChange) -> Result<(), FileError> {
        self.inner.lock_whole(change)
    }
}
