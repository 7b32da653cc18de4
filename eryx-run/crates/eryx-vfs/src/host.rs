//! A directory or a single file of the host.
//!
//! cap-std resolves every path, one component after the other, below the directory that was opened
//! when the mount was made: no `..`, absolute path or symbolic link leads out of it, not even one
//! that is exchanged meanwhile. This module only translates, and refuses what is not a file or a
//! directory: opening a FIFO or a device could block or do something.

use std::fs::FileTimes;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use cap_fs_ext::{
    DirExt, FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt, SystemTimeSpec,
};
use cap_std::fs::{Dir, MetadataExt};
use eryx_image::FileIdentity;

use super::error::FileError;
use super::file_system::{DirectoryEntries, FileSystem, MAX_READ, OpenFile, Opened, check_open};
use super::path::RelativePath;
use super::protected::ProtectedFiles;
use super::size_limit;
use super::types::{
    DirectoryEntry, FileType, Follow, Metadata, OpenOptions, TimeChange, Timestamp,
};

/// What the guest may do with a mounted directory or file of the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostAccess {
    /// Read it.
    ReadOnly,
    /// Read and change it.
    ReadWrite,
}

/// A directory of the host, or one file in it, as a file system that can be written to as far as the
/// host's own permissions allow.
///
/// Links of the host are followed within the directory only. Another mount over a part of the directory
/// hides that part under its own path, but not from a link elsewhere in the directory that leads to it:
/// mounts are no way to keep a part of a mounted directory secret.
#[derive(Debug, Clone)]
pub struct HostFileSystem {
    directory: Arc<Dir>,
    /// The name of the one file that is served as the root, if it is not the directory.
    file: Option<PathBuf>,
    protected: ProtectedFiles,
}

impl HostFileSystem {
    /// The file system of an opened directory, or of one file in it.
    pub(super) fn new(directory: Dir, file: Option<PathBuf>, protected: ProtectedFiles) -> Self {
        Self {
            directory: Arc::new(directory),
            file,
            protected,
        }
    }

    /// The path below the opened directory.
    fn locate<'a>(&'a self, path: RelativePath<'a>) -> Result<&'a Path, FileError> {
        match &self.file {
            // Nothing but that one file is in reach.
            Some(_) if !path.is_root() => Err(FileError::NotDirectory),
            Some(name) => Ok(name),
            None if path.is_root() => Ok(Path::new(".")),
            None => Ok(Path::new(path.as_str())),
        }
    }

    /// The path of something that is to be made, moved or removed: never the root.
    fn locate_entry<'a>(&'a self, path: RelativePath<'a>) -> Result<&'a Path, FileError> {
        if path.is_root() {
            return Err(FileError::Busy);
        }
        self.locate(path)
    }

    /// A mounted file was resolved when it was mounted: if a link stands there now, it is not it.
    fn follow(&self, follow: Follow) -> Follow {
        if self.file.is_some() {
            Follow::No
        } else {
            follow
        }
    }
}

impl FileSystem for HostFileSystem {
    fn metadata(&self, path: RelativePath<'_>, follow: Follow) -> Result<Metadata, FileError> {
        let path = self.locate(path)?;
        let metadata = match self.follow(follow) {
            Follow::Yes => self.directory.metadata(path)?,
            Follow::No => self.directory.symlink_metadata(path)?,
        };
        Ok(translate(&metadata))
    }

    fn open(&self, path: RelativePath<'_>, options: &OpenOptions) -> Result<Opened, FileError> {
        let location = self.locate(path)?;
        let mut host = cap_std::fs::OpenOptions::new();
        // A FIFO would make the host wait for whoever is at its other end.
        host.nonblock(true);
        let writes = options.mutates() || options.create;
        // What is written to is read, too, to see what it is.
        host.read(true).write(writes);
        // Emptying waits until it is known to be a file that may be opened.
        if options.create && options.exclusive {
            host.create_new(true);
        } else {
            host.create(options.create);
        }
        host.follow(match self.follow(options.follow()) {
            Follow::Yes => FollowSymlinks::Yes,
            Follow::No => FollowSymlinks::No,
        });
        let file = match self.directory.open_with(location, &host) {
            Err(error)
                if error.kind() == io::ErrorKind::PermissionDenied && writes && !options.read =>
            {
                self.directory.open_with(location, host.read(false))
            }
            opened => opened,
        };
        let file = file?.into_std();
        let metadata = translate(&cap_std::fs::Metadata::from_file(&file)?);
        // It was made by this very call if it had to be.
        let found = OpenOptions {
            exclusive: false,
            ..*options
        };
        check_open(metadata.file_type, &found)?;
        match metadata.file_type {
            FileType::Directory => Ok(Opened::Directory),
            FileType::File => {
                let file = HostFile {
                    file,
                    identity: FileIdentity {
                        device: metadata.device,
                        inode: metadata.inode,
                    },
                    protected: self.protected.clone(),
                };
                if writes {
                    self.protected
                        .check_file(&file.file, &file.file.metadata()?)?;
                }
                if options.truncate {
                    file.file.set_len(0)?;
                }
                Ok(Opened::File(Arc::new(file)))
            }
            _ => Err(FileError::NotPermitted),
        }
    }

    fn read_directory(&self, path: RelativePath<'_>) -> Result<DirectoryEntries, FileError> {
        let entries = self.directory.read_dir(self.locate(path)?)?;
        Ok(Box::new(entries.map(|entry| {
            let entry = entry?;
            let name = entry.file_name().into_string();
            Ok(DirectoryEntry {
                name: name.map_err(|_| FileError::IllegalName)?,
                file_type: translate_type(entry.file_type()?),
            })
        })))
    }

    fn read_link(&self, path: RelativePath<'_>) -> Result<String, FileError> {
        let target = self.directory.read_link(self.locate(path)?)?;
        let target = target.into_os_string().into_string();
        target.map_err(|_| FileError::IllegalName)
    }

    fn canonical_directory(&self, path: RelativePath<'_>) -> Result<Option<String>, FileError> {
        if !FileSystem::metadata(self, path, Follow::Yes)?.is_directory() {
            return Err(FileError::NotDirectory);
        }
        if path.is_root() {
            return Ok(None);
        }
        let canonical = self.directory.canonicalize(self.locate(path)?)?;
        let canonical = canonical.into_os_string().into_string();
        let canonical = canonical.map_err(|_| FileError::IllegalName)?;
        Ok(match canonical.as_str() {
            "." => Some(String::new()),
            same if same == path.as_str() => None,
            _ => Some(canonical),
        })
    }

    fn create_directory(&self, path: RelativePath<'_>) -> Result<(), FileError> {
        Ok(self.directory.create_dir(self.locate_entry(path)?)?)
    }

    fn remove_file(&self, path: RelativePath<'_>) -> Result<(), FileError> {
        let path = self.locate_entry(path)?;
        self.protected.check_entry(&self.directory, path)?;
        Ok(self.directory.remove_file(path)?)
    }

    fn remove_directory(&self, path: RelativePath<'_>) -> Result<(), FileError> {
        Ok(self.directory.remove_dir(self.locate_entry(path)?)?)
    }

    fn rename(&self, from: RelativePath<'_>, to: RelativePath<'_>) -> Result<(), FileError> {
        let (from, to) = (self.locate_entry(from)?, self.locate_entry(to)?);
        self.protected.check_entry(&self.directory, from)?;
        self.protected.check_entry(&self.directory, to)?;
        Ok(self.directory.rename(from, &self.directory, to)?)
    }

    fn symlink(&self, target: &str, path: RelativePath<'_>) -> Result<(), FileError> {
        let path = self.locate_entry(path)?;
        Ok(DirExt::symlink(&*self.directory, target, path)?)
    }

    fn link(&self, from: RelativePath<'_>, to: RelativePath<'_>) -> Result<(), FileError> {
        let (from, to) = (self.locate_entry(from)?, self.locate_entry(to)?);
        Ok(self.directory.hard_link(from, &self.directory, to)?)
    }

    fn set_times(
        &self,
        path: RelativePath<'_>,
        follow: Follow,
        accessed: TimeChange,
        modified: TimeChange,
    ) -> Result<(), FileError> {
        let path = self.locate(path)?;
        let (accessed, modified) = (time_spec(accessed)?, time_spec(modified)?);
        match self.follow(follow) {
            Follow::Yes => self.directory.set_times(path, accessed, modified)?,
            Follow::No => self.directory.set_symlink_times(path, accessed, modified)?,
        }
        Ok(())
    }
}

/// An open regular file of the host.
struct HostFile {
    file: std::fs::File,
    identity: FileIdentity,
    protected: ProtectedFiles,
}

impl OpenFile for HostFile {
    fn read_at(&self, offset: u64, length: usize) -> Result<Bytes, FileError> {
        let mut buffer = vec![0; length.min(MAX_READ)];
        let count = loop {
            match self.file.read_at(&mut buffer, offset) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        buffer.truncate(count);
        Ok(buffer.into())
    }

    fn metadata(&self) -> Result<Metadata, FileError> {
        Ok(translate(&cap_std::fs::Metadata::from_file(&self.file)?))
    }

    fn write_at(&self, offset: u64, data: &[u8]) -> Result<(), FileError> {
        self.protected.check_contents(self.identity)?;
        size_limit::write_all_at(&self.file, data, offset)
    }

    #[cfg(target_os = "linux")]
    fn append(&self, mut data: &[u8]) -> Result<(), FileError> {
        use rustix::io::{Errno, ReadWriteFlags, pwritev2};

        self.protected.check_contents(self.identity)?;
        // The kernel finds the end, so that writers of one log do not overwrite each other.
        while !data.is_empty() {
            size_limit::check_append(&self.file)?;
            let buffers = [io::IoSlice::new(data)];
            match pwritev2(&self.file, &buffers, 0, ReadWriteFlags::APPEND) {
                Ok(0) => return Err(io::Error::from(io::ErrorKind::WriteZero).into()),
                Ok(count) => data = data.get(count..).unwrap_or_default(),
                Err(Errno::INTR) => {}
                Err(error) => return Err(io::Error::from(error).into()),
            }
        }
        Ok(())
    }

    #[cfg(not(target_os = "linux"))]
    fn append(&self, data: &[u8]) -> Result<(), FileError> {
        let end = self.file.metadata()?.len();
        self.write_at(end, data)
    }

    fn set_size(&self, size: u64) -> Result<(), FileError> {
        self.protected.check_contents(self.identity)?;
        size_limit::check_size(&self.file, size)?;
        Ok(self.file.set_len(size)?)
    }

    fn set_times(&self, accessed: TimeChange, modified: TimeChange) -> Result<(), FileError> {
        let mut times = FileTimes::new();
        if let Some(time) = new_time(accessed)? {
            times = times.set_accessed(time);
        }
        if let Some(time) = new_time(modified)? {
            times = times.set_modified(time);
        }
        Ok(self.file.set_times(times)?)
    }

    fn sync(&self, data_only: bool) -> Result<(), FileError> {
        if data_only {
            self.file.sync_data()?;
        } else {
            self.file.sync_all()?;
        }
        Ok(())
    }
}

fn new_time(change: TimeChange) -> Result<Option<SystemTime>, FileError> {
    match change {
        TimeChange::Keep => Ok(None),
        TimeChange::Now => Ok(Some(SystemTime::now())),
        TimeChange::Set(time) => match time.to_system_time() {
            Some(time) => Ok(Some(time)),
            None => Err(FileError::Invalid),
        },
    }
}

fn time_spec(change: TimeChange) -> Result<Option<SystemTimeSpec>, FileError> {
    Ok(match change {
        TimeChange::Now => Some(SystemTimeSpec::SymbolicNow),
        _ => new_time(change)?
            .map(|time| SystemTimeSpec::Absolute(cap_std::time::SystemTime::from_std(time))),
    })
}

fn translate_type(file_type: cap_std::fs::FileType) -> FileType {
    if file_type.is_file() {
        FileType::File
    } else if file_type.is_dir() {
        FileType::Directory
    } else if file_type.is_symlink() {
        FileType::Symlink
    } else {
        FileType::Other
    }
}

fn translate(metadata: &cap_std::fs::Metadata) -> Metadata {
    let changed = (metadata.ctime(), metadata.ctime_nsec());
    let changed = match (u64::try_from(changed.0), u32::try_from(changed.1)) {
        (Ok(seconds), Ok(nanoseconds)) => Timestamp::new(seconds, nanoseconds),
        _ => None,
    };
    let time = |time: io::Result<cap_std::time::SystemTime>| {
        time.map(|time| Timestamp::from(time.into_std()))
            .unwrap_or_default()
    };
    Metadata {
        file_type: translate_type(metadata.file_type()),
        size: metadata.len(),
        links: metadata.nlink(),
        device: metadata.dev(),
        inode: metadata.ino(),
        accessed: time(metadata.accessed()),
        modified: time(metadata.modified()),
        changed: changed.unwrap_or_default(),
    }
}
