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
use cap_std::ambient_authority;
use cap_std::fs::{Dir, MetadataExt};

use super::error::FileError;
use super::file_system::{DirectoryEntries, FileSystem, MAX_READ, OpenFile, Opened, check_open};
use super::path::RelativePath;
use super::read_only::ReadOnly;
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

/// Why a path of the host cannot be mounted.
#[derive(Debug, thiserror::Error)]
pub enum HostMountError {
    /// It does not exist or cannot be opened.
    #[error(
        "cannot mount {path:?}, because it cannot be opened: check that it exists and may be read"
    )]
    Open {
        /// The path of the host.
        path: PathBuf,
        /// What the host said.
        #[source]
        source: io::Error,
    },
    /// It is a FIFO, a socket or a device.
    #[error("cannot mount {path:?}, because it is neither a directory nor a regular file")]
    Special {
        /// The path of the host.
        path: PathBuf,
    },
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
}

impl HostFileSystem {
    /// Opens a directory or a file of the host. Links in `path` itself are followed.
    ///
    /// # Errors
    /// [`HostMountError`], which names the path.
    pub fn open(path: &Path) -> Result<Self, HostMountError> {
        let failed = |source| HostMountError::Open {
            path: path.to_owned(),
            source,
        };
        let canonical = path.canonicalize().map_err(failed)?;
        let metadata = canonical.metadata().map_err(failed)?;
        let (directory, file) = if metadata.is_dir() {
            (canonical.as_path(), None)
        } else if metadata.is_file() {
            let name = canonical.file_name().map(PathBuf::from);
            (canonical.parent().unwrap_or(Path::new("/")), name)
        } else {
            return Err(HostMountError::Special {
                path: path.to_owned(),
            });
        };
        let directory = Dir::open_ambient_dir(directory, ambient_authority()).map_err(failed)?;
        Ok(Self {
            directory: Arc::new(directory),
            file,
        })
    }

    /// Opens a directory or a file of the host for a mount that allows `access`.
    ///
    /// # Errors
    /// [`HostMountError`], which names the path.
    pub fn mount(path: &Path, access: HostAccess) -> Result<Arc<dyn FileSystem>, HostMountError> {
        let opened = Arc::new(Self::open(path)?);
        Ok(match access {
            HostAccess::ReadOnly => Arc::new(ReadOnly::new(opened)),
            HostAccess::ReadWrite => opened,
        })
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
        host.read(options.read || !writes).write(writes);
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
        let file = self.directory.open_with(location, &host)?.into_std();
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
                if options.truncate {
                    file.set_len(0)?;
                }
                Ok(Opened::File(Arc::new(HostFile { file })))
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
        Ok(self.directory.remove_file(self.locate_entry(path)?)?)
    }

    fn remove_directory(&self, path: RelativePath<'_>) -> Result<(), FileError> {
        Ok(self.directory.remove_dir(self.locate_entry(path)?)?)
    }

    fn rename(&self, from: RelativePath<'_>, to: RelativePath<'_>) -> Result<(), FileError> {
        let (from, to) = (self.locate_entry(from)?, self.locate_entry(to)?);
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
        Ok(self.file.write_all_at(data, offset)?)
    }

    #[cfg(target_os = "linux")]
    fn append(&self, mut data: &[u8]) -> Result<(), FileError> {
        use rustix::io::{Errno, ReadWriteFlags, pwritev2};

        // The kernel finds the end, so that writers of one log do not overwrite each other.
        while !data.is_empty() {
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
