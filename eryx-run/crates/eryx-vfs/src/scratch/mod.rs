//! The scratch space: files and directories in memory, bounded, gone after the run.
//!
//! Everything is charged for, names and empty files too, so that no way of filling it makes the
//! host use much more memory than the limit says.

mod limits;
mod nodes;
mod pages;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

pub use self::limits::ScratchLimits;
use self::nodes::{Contents, NodeNumber, Nodes};
use self::pages::Pages;
use super::error::FileError;
use super::file_system::{DirectoryEntries, FileSystem, OpenFile, Opened, check_open};
use super::path::{MAX_PATH, RelativePath, exceeds};
use super::types::{
    Clock, DirectoryEntry, FileType, Follow, Metadata, OpenOptions, Space, TimeChange, Timestamp,
};

/// A writable file system in memory.
///
/// ```
/// use eryx_vfs::{
///     FileSystem, OpenOptions, Opened, RelativePath, Scratch, ScratchLimits, system_clock,
/// };
///
/// let scratch = Scratch::new(ScratchLimits::default(), system_clock());
/// let path = RelativePath::new("note.txt")?;
/// if let Opened::File(file) = scratch.open(path, &OpenOptions::to_write())? {
///     file.append(b"remember")?;
///     assert_eq!(&file.read_at(2, 100)?[..], b"member");
/// }
/// # Ok::<(), eryx_vfs::FileError>(())
/// ```
#[derive(Clone)]
pub struct Scratch {
    shared: Arc<Shared>,
}

struct Shared {
    clock: Clock,
    nodes: Mutex<Nodes>,
}

impl Shared {
    fn nodes(&self) -> MutexGuard<'_, Nodes> {
        // No code that may panic runs under this lock.
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

impl Scratch {
    /// An empty space whose files are stamped by `clock`.
    pub fn new(limits: ScratchLimits, clock: Clock) -> Self {
        let nodes = Mutex::new(Nodes::new(limits, clock()));
        Self {
            shared: Arc::new(Shared { clock, nodes }),
        }
    }

    /// How many bytes of the limit are in use.
    pub fn used_bytes(&self) -> u64 {
        self.shared.nodes().used()
    }

    /// Makes a node where nothing has the name yet.
    fn create(
        &self,
        path: RelativePath<'_>,
        contents: Contents,
        mode: u32,
    ) -> Result<(), FileError> {
        if path.is_root() {
            return Err(FileError::Exists);
        }
        let now = self.shared.now();
        let mut nodes = self.shared.nodes();
        let (directory, name, found) = nodes.find_entry(path)?;
        if found.is_some() {
            return Err(FileError::Exists);
        }
        nodes.create(directory, name, contents, mode, now)?;
        Ok(())
    }
}

impl FileSystem for Scratch {
    fn metadata(&self, path: RelativePath<'_>, follow: Follow) -> Result<Metadata, FileError> {
        let nodes = self.shared.nodes();
        let number = nodes.find(path, follow)?;
        Ok(nodes.get(number)?.metadata(number))
    }

    fn open(&self, path: RelativePath<'_>, options: &OpenOptions) -> Result<Opened, FileError> {
        let now = self.shared.now();
        let mut nodes = self.shared.nodes();
        let number = match nodes.find(path, options.follow()) {
            Ok(number) => {
                check_open(nodes.file_type(number)?, options)?;
                number
            }
            Err(FileError::NotFound) if options.create => {
                let (directory, name, _) = nodes.find_entry(path)?;
                let contents = Contents::File(Pages::default());
                nodes.create(directory, name, contents, options.mode, now)?
            }
            Err(error) => return Err(error),
        };
        if nodes.file_type(number)? == FileType::Directory {
            return Ok(Opened::Directory);
        }
        if options.truncate {
            nodes.set_size(number, 0, now)?;
        }
        nodes.get_mut(number)?.handles += 1;
        Ok(Opened::File(Arc::new(ScratchFile {
            shared: Arc::clone(&self.shared),
            number,
        })))
    }

    fn read_directory(&self, path: RelativePath<'_>) -> Result<DirectoryEntries, FileError> {
        let nodes = self.shared.nodes();
        let directory = nodes.find(path, Follow::Yes)?;
        nodes.entries(directory)?;
        let shared = Arc::clone(&self.shared);
        let mut last: Option<Box<str>> = None;
        Ok(Box::new(std::iter::from_fn(move || {
            let nodes = shared.nodes();
            let after = last.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
            // A directory that was removed meanwhile has nothing more to list.
            let entries = nodes.entries(directory).ok()?;
            let (name, number) = entries.range::<str, _>((after, Bound::Unbounded)).next()?;
            last = Some(name.clone());
            Some(nodes.file_type(*number).map(|file_type| DirectoryEntry {
                name: name.to_string(),
                file_type,
            }))
        })))
    }

    fn read_link(&self, path: RelativePath<'_>) -> Result<String, FileError> {
        let nodes = self.shared.nodes();
        match &nodes.get(nodes.find(path, Follow::No)?)?.contents {
            Contents::Symlink(target) => Ok(target.to_string()),
            _ => Err(FileError::Invalid),
        }
    }

    fn create_directory(&self, path: RelativePath<'_>, mode: u32) -> Result<(), FileError> {
        // The parent is filled in when it is named.
        let contents = Contents::Directory {
            entries: BTreeMap::new(),
            parent: nodes::ROOT,
        };
        self.create(path, contents, mode)
    }

    fn remove_file(&self, path: RelativePath<'_>) -> Result<(), FileError> {
        if path.is_root() {
            return Err(FileError::IsDirectory);
        }
        let now = self.shared.now();
        let mut nodes = self.shared.nodes();
        let (directory, name, found) = nodes.find_entry(path)?;
        if nodes.file_type(found.ok_or(FileError::NotFound)?)? == FileType::Directory {
            return Err(FileError::IsDirectory);
        }
        nodes.remove_name(directory, name, now)
    }

    fn remove_directory(&self, path: RelativePath<'_>) -> Result<(), FileError> {
        let now = self.shared.now();
        let mut nodes = self.shared.nodes();
        let (directory, name, found) = nodes.find_entry(path)?;
        if !nodes.entries(found.ok_or(FileError::NotFound)?)?.is_empty() {
            return Err(FileError::NotEmpty);
        }
        nodes.remove_name(directory, name, now)
    }

    fn rename(&self, from: RelativePath<'_>, to: RelativePath<'_>) -> Result<(), FileError> {
        let now = self.shared.now();
        let mut nodes = self.shared.nodes();
        let (from_directory, from_name, found) = nodes.find_entry(from)?;
        let moved = found.ok_or(FileError::NotFound)?;
        let (to_directory, to_name, replaced) = nodes.find_entry(to)?;
        let moves_directory = nodes.file_type(moved)? == FileType::Directory;
        if moves_directory && nodes.is_inside(to_directory, moved) {
            return Err(FileError::Invalid);
        }
        if let Some(replaced) = replaced {
            // Two names of one file: POSIX wants nothing done.
            if replaced == moved {
                return Ok(());
            }
            match (moves_directory, nodes.entries(replaced)) {
                (true, Ok(entries)) if !entries.is_empty() => return Err(FileError::NotEmpty),
                (true, Err(error)) => return Err(error),
                (false, Ok(_)) => return Err(FileError::IsDirectory),
                _ => {
                    // Nothing is removed for a rename that then lacks the space for its name.
                    nodes.check_name_fits(to_name)?;
                    nodes.remove_name(to_directory, to_name, now)?;
                }
            }
        }
        // Named anew before the old name goes: in between the node must not be unused.
        nodes.add_name(to_directory, to_name, moved, now)?;
        nodes.remove_name(from_directory, from_name, now)
    }

    fn symlink(&self, target: &str, path: RelativePath<'_>) -> Result<(), FileError> {
        if exceeds(target, MAX_PATH) {
            return Err(FileError::NameTooLong);
        }
        if target.is_empty() {
            return Err(FileError::NotFound);
        }
        let mode = FileType::Symlink.usual_permissions();
        self.create(path, Contents::Symlink(target.into()), mode)
    }

    fn link(&self, from: RelativePath<'_>, to: RelativePath<'_>) -> Result<(), FileError> {
        let now = self.shared.now();
        let mut nodes = self.shared.nodes();
        let number = nodes.find(from, Follow::No)?;
        if nodes.file_type(number)? == FileType::Directory {
            return Err(FileError::NotPermitted);
        }
        let (directory, name, found) = nodes.find_entry(to)?;
        if found.is_some() {
            return Err(FileError::Exists);
        }
        nodes.add_name(directory, name, number, now)
    }

    fn set_times(
        &self,
        path: RelativePath<'_>,
        follow: Follow,
        accessed: TimeChange,
        modified: TimeChange,
    ) -> Result<(), FileError> {
        let now = self.shared.now();
        let mut nodes = self.shared.nodes();
        let number = nodes.find(path, follow)?;
        nodes.get_mut(number)?.set_times(accessed, modified, now);
        Ok(())
    }

    fn set_mode(&self, path: RelativePath<'_>, follow: Follow, mode: u32) -> Result<(), FileError> {
        let now = self.shared.now();
        let mut nodes = self.shared.nodes();
        let number = nodes.find(path, follow)?;
        if nodes.file_type(number)? == FileType::Symlink {
            return Err(FileError::Unsupported);
        }
        nodes.get_mut(number)?.set_permissions(mode, now);
        Ok(())
    }

    fn space(&self) -> Result<Space, FileError> {
        Ok(self.shared.nodes().space())
    }
}

/// An open file of a scratch space. It keeps the file alive when its last name is removed.
struct ScratchFile {
    shared: Arc<Shared>,
    number: NodeNumber,
}

impl Drop for ScratchFile {
    fn drop(&mut self) {
        let mut nodes = self.shared.nodes();
        if let Ok(node) = nodes.get_mut(self.number) {
            node.handles = node.handles.saturating_sub(1);
        }
        nodes.remove_if_unused(self.number);
    }
}

impl OpenFile for ScratchFile {
    fn read_at(&self, offset: u64, length: usize) -> Result<Bytes, FileError> {
        let nodes = self.shared.nodes();
        Ok(nodes.pages(self.number)?.read(offset, length))
    }

    fn metadata(&self) -> Result<Metadata, FileError> {
        let nodes = self.shared.nodes();
        Ok(nodes.get(self.number)?.metadata(self.number))
    }

    fn write_at(&self, offset: u64, data: &[u8]) -> Result<(), FileError> {
        let now = self.shared.now();
        self.shared.nodes().write(self.number, offset, data, now)
    }

    fn append(&self, data: &[u8]) -> Result<(), FileError> {
        let now = self.shared.now();
        let mut nodes = self.shared.nodes();
        let end = nodes.pages(self.number)?.size();
        nodes.write(self.number, end, data, now)
    }

    fn set_mode(&self, mode: u32) -> Result<(), FileError> {
        let now = self.shared.now();
        let mut nodes = self.shared.nodes();
        nodes.get_mut(self.number)?.set_permissions(mode, now);
        Ok(())
    }

    fn set_size(&self, size: u64) -> Result<(), FileError> {
        let now = self.shared.now();
        self.shared.nodes().set_size(self.number, size, now)
    }

    fn set_times(&self, accessed: TimeChange, modified: TimeChange) -> Result<(), FileError> {
        let now = self.shared.now();
        let mut nodes = self.shared.nodes();
        nodes
            .get_mut(self.number)?
            .set_times(accessed, modified, now);
        Ok(())
    }
}
