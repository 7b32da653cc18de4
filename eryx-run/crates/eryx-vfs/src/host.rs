//! A directory or a single file of the host.
//!
//! cap-std resolves every path, one component after the other, below the directory that was opened
//! when the mount was made: no `..`, absolute path or symbolic link leads out of it, not even one
//! that is exchanged meanwhile. This module only translates, and refuses what is not a file or a
//! directory: opening a FIFO or a device could block or do something.

mod file;
mod locks;
mod translate;

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use cap_fs_ext::{DirExt, FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::fs::{Dir, DirBuilder, DirBuilderExt, OpenOptionsExt, Permissions, PermissionsExt};
use eryx_image::FileIdentity;

use self::file::HostFile;
use super::error::FileError;
use super::file_system::{DirectoryEntries, FileSystem, Opened, check_open};
use super::names;
use super::path::RelativePath;
use super::protected::ProtectedFiles;
use super::types::{DirectoryEntry, FileType, Follow, Metadata, OpenOptions, Space, TimeChange};

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
    fn locate<'a>(&'a self, path: RelativePath<'a>) -> Result<Cow<'a, Path>, FileError> {
        match &self.file {
            // Nothing but that one file is in reach.
            Some(_) if !path.is_root() => Err(FileError::NotDirectory),
            Some(name) => Ok(Cow::Borrowed(name)),
            None if path.is_root() => Ok(Cow::Borrowed(Path::new("."))),
            None => Ok(as_path(names::to_host(path.as_str()))),
        }
    }

    /// The path of something that is to be made, moved or removed: never the root.
    fn locate_entry<'a>(&'a self, path: RelativePath<'a>) -> Result<Cow<'a, Path>, FileError> {
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

fn as_path(name: Cow<'_, std::ffi::OsStr>) -> Cow<'_, Path> {
    match name {
        Cow::Borrowed(name) => Cow::Borrowed(Path::new(name)),
        Cow::Owned(name) => Cow::Owned(name.into()),
    }
}

impl FileSystem for HostFileSystem {
    fn metadata(&self, path: RelativePath<'_>, follow: Follow) -> Result<Metadata, FileError> {
        let path = self.locate(path)?;
        let metadata = match self.follow(follow) {
            Follow::Yes => self.directory.metadata(path)?,
            Follow::No => self.directory.symlink_metadata(path)?,
        };
        Ok(translate::metadata(&metadata))
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
        if options.create {
            host.mode(translate::permissions(options.mode)?);
        }
        if options.create && options.exclusive {
            host.create_new(true);
        } else {
            host.create(options.create);
        }
        host.follow(match self.follow(options.follow()) {
            Follow::Yes => FollowSymlinks::Yes,
            Follow::No => FollowSymlinks::No,
        });
        let file = match self.directory.open_with(&location, &host) {
            Err(error)
                if error.kind() == io::ErrorKind::PermissionDenied && writes && !options.read =>
            {
                self.directory.open_with(&location, host.read(false))
            }
            opened => opened,
        };
        let file = match file {
            // On Linux no directory is minded before a link that is not to be followed.
            Err(error)
                if options.directory
                    && options.no_follow
                    && error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
                    && self.directory.symlink_metadata(&location).is_ok() =>
            {
                return Err(FileError::NotDirectory);
            }
            opened => opened?.into_std(),
        };
        let metadata = translate::metadata(&cap_std::fs::Metadata::from_file(&file)?);
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
                    locked: Mutex::default(),
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
            Ok(DirectoryEntry {
                name: names::to_text(entry.file_name()),
                file_type: translate::file_type(entry.file_type()?),
            })
        })))
    }

    fn read_link(&self, path: RelativePath<'_>) -> Result<String, FileError> {
        let target = self.directory.read_link(self.locate(path)?)?;
        Ok(names::to_text(target.into_os_string()))
    }

    fn canonical_directory(&self, path: RelativePath<'_>) -> Result<Option<String>, FileError> {
        if !FileSystem::metadata(self, path, Follow::Yes)?.is_directory() {
            return Err(FileError::NotDirectory);
        }
        if path.is_root() {
            return Ok(None);
        }
        let canonical = self.directory.canonicalize(self.locate(path)?)?;
        let canonical = names::to_text(canonical.into_os_string());
        Ok(match canonical.as_str() {
            "." => Some(String::new()),
            same if same == path.as_str() => None,
            _ => Some(canonical),
        })
    }

    fn create_directory(&self, path: RelativePath<'_>, mode: u32) -> Result<(), FileError> {
        let mut builder = DirBuilder::new();
        builder.mode(translate::permissions(mode)?);
        let path = self.locate_entry(path)?;
        Ok(self.directory.create_dir_with(path, &builder)?)
    }

    fn remove_file(&self, path: RelativePath<'_>) -> Result<(), FileError> {
        let path = self.locate_entry(path)?;
        self.protected.check_entry(&self.directory, &path)?;
        Ok(self.directory.remove_file(path)?)
    }

    fn remove_directory(&self, path: RelativePath<'_>) -> Result<(), FileError> {
        Ok(self.directory.remove_dir(self.locate_entry(path)?)?)
    }

    fn rename(&self, from: RelativePath<'_>, to: RelativePath<'_>) -> Result<(), FileError> {
        let (from, to) = (self.locate_entry(from)?, self.locate_entry(to)?);
        self.protected.check_entry(&self.directory, &from)?;
        self.protected.check_entry(&self.directory, &to)?;
        Ok(self.directory.rename(from, &self.directory, to)?)
    }

    fn symlink(&self, target: &str, path: RelativePath<'_>) -> Result<(), FileError> {
        let path = self.locate_entry(path)?;
        let target = as_path(names::to_host(target));
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
        let (accessed, modified) = (
            translate::time_spec(accessed)?,
            translate::time_spec(modified)?,
        );
        match self.follow(follow) {
            Follow::Yes => self.directory.set_times(path, accessed, modified)?,
            Follow::No => self.directory.set_symlink_times(path, accessed, modified)?,
        }
        Ok(())
    }

    fn set_mode(&self, path: RelativePath<'_>, follow: Follow, mode: u32) -> Result<(), FileError> {
        let permissions = Permissions::from_mode(translate::permissions(mode)?);
        let path = self.locate(path)?;
        if self.follow(follow) == Follow::No && self.directory.symlink_metadata(&path)?.is_symlink()
        {
            return Err(FileError::Unsupported);
        }
        self.protected.check_target(&self.directory, &path)?;
        Ok(self.directory.set_permissions(path, permissions)?)
    }

    fn space(&self) -> Result<Space, FileError> {
        let found = rustix::fs::fstatvfs(&*self.directory).map_err(io::Error::from)?;
        Ok(translate::space(&found))
    }
}
