//! What every file system of the sandbox can do.

use std::sync::Arc;

use bytes::Bytes;

use super::error::FileError;
use super::lock::{ByteRange, LockChange};
use super::path::RelativePath;
use super::types::{DirectoryEntry, FileType, Follow, Metadata, OpenOptions, Space, TimeChange};

/// The most that one read returns, in bytes, whatever the guest asks for.
pub const MAX_READ: usize = 1024 * 1024;

/// The names in a directory, read as they are asked for, so that a listing that is never finished
/// costs nothing. What is added or removed meanwhile may or may not show up.
pub type DirectoryEntries = Box<dyn Iterator<Item = Result<DirectoryEntry, FileError>> + Send>;

/// What opening a path gave.
#[derive(Clone)]
pub enum Opened {
    /// A file, or a device.
    File(Arc<dyn OpenFile>),
    /// A directory. It has no state of its own: go on with its path.
    Directory,
}

/// One tree of files.
///
/// The root may be a directory or, for a mount of a single file, a file. An implementation says
/// what can be read; all that changes something has a default that refuses it as a read-only file
/// system does, with the error POSIX would give. Errors follow POSIX unless a method says more.
///
/// A file system may follow symbolic links by itself, as long as none leads out of it. It may
/// also leave that to its caller: then an operation whose path crosses a link, or ends in one that
/// is to be followed, does nothing and fails with [`FileError::Symlink`]. This is how a link in one
/// mount can point into another.
pub trait FileSystem: Send + Sync {
    /// Looks at a path.
    ///
    /// # Errors
    /// [`FileError::NotFound`], [`FileError::NotDirectory`], or what the host says.
    fn metadata(&self, path: RelativePath<'_>, follow: Follow) -> Result<Metadata, FileError>;

    /// Opens a file, making it first where `options` say so, or finds that it is a directory.
    ///
    /// # Errors
    /// As POSIX's `open`.
    fn open(&self, path: RelativePath<'_>, options: &OpenOptions) -> Result<Opened, FileError>;

    /// Lists a directory, without `.` and `..`.
    ///
    /// # Errors
    /// [`FileError::NotDirectory`], or as [`FileSystem::metadata`].
    fn read_directory(&self, path: RelativePath<'_>) -> Result<DirectoryEntries, FileError>;

    /// Reads where a symbolic link points.
    ///
    /// # Errors
    /// [`FileError::Invalid`] when it is not a link.
    fn read_link(&self, path: RelativePath<'_>) -> Result<String, FileError> {
        self.metadata(path, Follow::No)?;
        Err(FileError::Invalid)
    }

    /// The path of a directory with every symbolic link in it resolved, or `None` when that is the
    /// path as it was given. It is what `..` starts from.
    ///
    /// # Errors
    /// [`FileError::NotDirectory`] when it is something else.
    fn canonical_directory(&self, path: RelativePath<'_>) -> Result<Option<String>, FileError> {
        if self.metadata(path, Follow::Yes)?.is_directory() {
            Ok(None)
        } else {
            Err(FileError::NotDirectory)
        }
    }

    /// Makes an empty directory with the permission bits `mode`.
    ///
    /// # Errors
    /// As POSIX's `mkdir`.
    fn create_directory(&self, path: RelativePath<'_>, mode: u32) -> Result<(), FileError> {
        let _ = mode;
        Err(refuse_creation(self, path))
    }

    /// Removes a file or a symbolic link.
    ///
    /// # Errors
    /// As POSIX's `unlink`.
    fn remove_file(&self, path: RelativePath<'_>) -> Result<(), FileError> {
        match self.metadata(path, Follow::No)?.file_type {
            FileType::Directory => Err(FileError::IsDirectory),
            _ => Err(FileError::ReadOnly),
        }
    }

    /// Removes an empty directory.
    ///
    /// # Errors
    /// As POSIX's `rmdir`.
    fn remove_directory(&self, path: RelativePath<'_>) -> Result<(), FileError> {
        match self.metadata(path, Follow::No)?.file_type {
            FileType::Directory => Err(FileError::ReadOnly),
            _ => Err(FileError::NotDirectory),
        }
    }

    /// Gives a file or directory another path, and removes what was there.
    ///
    /// # Errors
    /// As POSIX's `rename`.
    fn rename(&self, from: RelativePath<'_>, to: RelativePath<'_>) -> Result<(), FileError> {
        self.metadata(from, Follow::No)?;
        let _ = to;
        Err(FileError::ReadOnly)
    }

    /// Makes a symbolic link at `path` that points to `target`, which need not exist.
    ///
    /// # Errors
    /// As POSIX's `symlink`; [`FileError::NotPermitted`] where absolute targets are refused.
    fn symlink(&self, target: &str, path: RelativePath<'_>) -> Result<(), FileError> {
        let _ = target;
        Err(refuse_creation(self, path))
    }

    /// Gives the file at `from` a second name, `to`.
    ///
    /// # Errors
    /// As POSIX's `link`; [`FileError::NotPermitted`] for a directory.
    fn link(&self, from: RelativePath<'_>, to: RelativePath<'_>) -> Result<(), FileError> {
        self.metadata(from, Follow::No)?;
        Err(refuse_creation(self, to))
    }

    /// Sets when a file was last read and changed.
    ///
    /// # Errors
    /// As POSIX's `utimensat`.
    fn set_times(
        &self,
        path: RelativePath<'_>,
        follow: Follow,
        accessed: TimeChange,
        modified: TimeChange,
    ) -> Result<(), FileError> {
        let _ = (accessed, modified);
        self.metadata(path, follow)?;
        Err(FileError::ReadOnly)
    }

    /// Sets the permission bits.
    ///
    /// # Errors
    /// As POSIX's `fchmodat`; [`FileError::Unsupported`] for a link itself.
    fn set_mode(&self, path: RelativePath<'_>, follow: Follow, mode: u32) -> Result<(), FileError> {
        let _ = mode;
        self.metadata(path, follow)?;
        Err(FileError::ReadOnly)
    }

    /// How much it holds. What cannot be changed is full.
    ///
    /// # Errors
    /// What the host says.
    fn space(&self) -> Result<Space, FileError> {
        Ok(Space {
            read_only: true,
            ..Space::default()
        })
    }
}

/// An open file. It lives on when its name is removed; closing it is dropping it.
///
/// What changes something has a default that refuses it as a read-only file does.
pub trait OpenFile: Send + Sync {
    /// Reads up to `length` bytes, and never more than [`MAX_READ`], from `offset` on. No bytes
    /// mean the end of the file. Fewer than asked for mean nothing.
    ///
    /// # Errors
    /// What the host says.
    fn read_at(&self, offset: u64, length: usize) -> Result<Bytes, FileError>;

    /// Looks at the file.
    ///
    /// # Errors
    /// What the host says.
    fn metadata(&self) -> Result<Metadata, FileError>;

    /// Writes all of `data` at `offset`. Beyond the end of the file a gap is filled with zeroes.
    ///
    /// # Errors
    /// [`FileError::NoSpace`], [`FileError::FileTooLarge`] or what the host says; some of `data` may
    /// have been written then.
    fn write_at(&self, offset: u64, data: &[u8]) -> Result<(), FileError> {
        let _ = (offset, data);
        Err(FileError::ReadOnly)
    }

    /// Writes all of `data` at the end of the file.
    ///
    /// # Errors
    /// As [`OpenFile::write_at`].
    fn append(&self, data: &[u8]) -> Result<(), FileError> {
        let _ = data;
        Err(FileError::ReadOnly)
    }

    /// Cuts the file, or lengthens it with zeroes, to `size` bytes.
    ///
    /// # Errors
    /// As [`OpenFile::write_at`].
    fn set_size(&self, size: u64) -> Result<(), FileError> {
        let _ = size;
        Err(FileError::ReadOnly)
    }

    /// Sets when the file was last read and changed.
    ///
    /// # Errors
    /// What the host says.
    fn set_times(&self, accessed: TimeChange, modified: TimeChange) -> Result<(), FileError> {
        let _ = (accessed, modified);
        Err(FileError::ReadOnly)
    }

    /// Sets the permission bits.
    ///
    /// # Errors
    /// What the host says.
    fn set_mode(&self, mode: u32) -> Result<(), FileError> {
        let _ = mode;
        Err(FileError::ReadOnly)
    }

    /// Changes which bytes of the file are locked, without waiting. Locks are advice to those who ask
    /// for them. A file that nobody else can reach has none to take, and refuses none.
    ///
    /// # Errors
    /// [`FileError::Locked`] when another has a lock in the way, [`FileError::TooManyLocks`],
    /// [`FileError::BadDescriptor`] for an exclusive lock of a file that is open for reading only,
    /// or what the host says.
    fn lock(&self, range: ByteRange, change: LockChange) -> Result<(), FileError> {
        let _ = (range, change);
        Ok(())
    }

    /// The same for the lock of a whole file that BSD's `flock` has, which meets no lock of bytes. Trying is
    /// not possible.
    ///
    /// # Errors
    /// [`FileError::Locked`], [`FileError::Invalid`] for [`LockChange::Try`], or what the host says.
    fn lock_whole(&self, change: LockChange) -> Result<(), FileError> {
        let _ = change;
        Ok(())
    }

    /// Returns when what was written has reached the disk, if there is one; with `data_only` the
    /// metadata need not have.
    ///
    /// # Errors
    /// What the host says.
    fn sync(&self, data_only: bool) -> Result<(), FileError> {
        let _ = data_only;
        Ok(())
    }
}

/// The error for making something new in a read-only file system.
fn refuse_creation(file_system: &(impl FileSystem + ?Sized), path: RelativePath<'_>) -> FileError {
    match file_system.metadata(path, Follow::No) {
        Ok(_) => FileError::Exists,
        // It is the directory it would be in that could not be written.
        Err(FileError::NotFound) => match path.split_last() {
            Some((parent, _)) => match file_system.metadata(parent, Follow::Yes) {
                Ok(_) => FileError::ReadOnly,
                Err(error) => error,
            },
            None => FileError::NotFound,
        },
        Err(error) => error,
    }
}

/// Decides whether `options` may open what is there in a read-only file system.
pub(super) fn check_read_only_open(
    file_type: FileType,
    options: &OpenOptions,
) -> Result<(), FileError> {
    check_open(file_type, options)?;
    // Writing to a device changes no file system.
    if file_type == FileType::File && options.mutates() {
        return Err(FileError::ReadOnly);
    }
    Ok(())
}

/// The error for opening what is not there in a read-only file system.
pub(super) fn refuse_missing(
    file_system: &(impl FileSystem + ?Sized),
    path: RelativePath<'_>,
    options: &OpenOptions,
    error: FileError,
) -> FileError {
    match error {
        FileError::NotFound if options.create => refuse_creation(file_system, path),
        error => error,
    }
}

/// Decides what POSIX says about opening something that is there, before permissions.
pub(super) fn check_open(file_type: FileType, options: &OpenOptions) -> Result<(), FileError> {
    if options.create && options.exclusive {
        return Err(FileError::Exists);
    }
    match file_type {
        FileType::Directory if options.mutates() || options.create => Err(FileError::IsDirectory),
        FileType::Directory => Ok(()),
        _ if options.directory => Err(FileError::NotDirectory),
        FileType::Symlink => Err(FileError::SymlinkLoop),
        FileType::Other => Err(FileError::NotPermitted),
        FileType::File | FileType::CharacterDevice => Ok(()),
    }
}
