//! The file tree of an image as a file system.

use std::sync::Arc;

use bytes::Bytes;

use super::error::FileError;
use super::file_system::{
    DirectoryEntries, FileSystem, MAX_READ, OpenFile, Opened, check_read_only_open, refuse_missing,
};
use super::path::RelativePath;
use super::types::{DirectoryEntry, FileType, Follow, Metadata, OpenOptions};
use eryx_image::{NodeId, NodeKind, Tree};

/// The tree of an image, read-only and served from the bytes of the image without copying them.
///
/// Every file has the time [`super::Timestamp::IMAGE`]. There are no links and no locks.
#[derive(Debug, Clone)]
pub struct ImageFileSystem {
    tree: Tree,
}

impl ImageFileSystem {
    /// Serves `tree`.
    pub fn new(tree: Tree) -> Self {
        Self { tree }
    }

    fn find(&self, path: RelativePath<'_>) -> Result<NodeId, FileError> {
        let mut node = self.tree.root();
        for name in path.components() {
            node = match self.tree.lookup(node, name) {
                Some(child) => child,
                None if self.file_type(node) == FileType::Directory => {
                    return Err(FileError::NotFound);
                }
                None => return Err(FileError::NotDirectory),
            };
        }
        Ok(node)
    }

    fn file_type(&self, node: NodeId) -> FileType {
        match self.tree.kind(node) {
            NodeKind::Directory => FileType::Directory,
            NodeKind::File => FileType::File,
        }
    }

    fn node_metadata(&self, node: NodeId) -> Metadata {
        // Inode 0 means "no file" to much code, and the root's number is 0.
        let inode = u64::from(node.number()) + 1;
        Metadata::fixed(self.file_type(node), self.tree.len(node), inode)
    }
}

impl FileSystem for ImageFileSystem {
    fn metadata(&self, path: RelativePath<'_>, _follow: Follow) -> Result<Metadata, FileError> {
        Ok(self.node_metadata(self.find(path)?))
    }

    fn open(&self, path: RelativePath<'_>, options: &OpenOptions) -> Result<Opened, FileError> {
        let node = self
            .find(path)
            .map_err(|error| refuse_missing(self, path, options, error))?;
        let file_type = self.file_type(node);
        check_read_only_open(file_type, options)?;
        if file_type == FileType::Directory {
            return Ok(Opened::Directory);
        }
        Ok(Opened::File(Arc::new(ImageFile {
            data: self.tree.data(node).into_bytes(),
            metadata: self.node_metadata(node),
        })))
    }

    fn read_directory(&self, path: RelativePath<'_>) -> Result<DirectoryEntries, FileError> {
        let directory = self.find(path)?;
        if self.file_type(directory) != FileType::Directory {
            return Err(FileError::NotDirectory);
        }
        let image = self.clone();
        let mut position = 0;
        Ok(Box::new(std::iter::from_fn(move || {
            let (name, node) = image.tree.entries(directory).nth(position)?;
            position += 1;
            Some(Ok(DirectoryEntry {
                name: name.to_owned(),
                file_type: image.file_type(node),
            }))
        })))
    }
}

/// A file whose contents are at hand and never change.
pub(super) struct ImageFile {
    pub(super) data: Bytes,
    pub(super) metadata: Metadata,
}

impl OpenFile for ImageFile {
    fn read_at(&self, offset: u64, length: usize) -> Result<Bytes, FileError> {
        let start = usize::try_from(offset)
            .unwrap_or(usize::MAX)
            .min(self.data.len());
        let end = start
            .saturating_add(length.min(MAX_READ))
            .min(self.data.len());
        Ok(self.data.slice(start..end))
    }

    fn metadata(&self) -> Result<Metadata, FileError> {
        Ok(self.metadata)
    }
}
