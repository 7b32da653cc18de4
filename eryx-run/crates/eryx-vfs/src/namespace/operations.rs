//! What can be done at the paths of a namespace.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::ending::Ending;
use super::mounts::Location;
use super::types::{Entry, Namespace, Resolved};
use crate::error::FileError;
use crate::file_system::{DirectoryEntries, FileSystem, Opened, check_open};
use crate::path::{RelativePath, check_text};
use crate::types::{DirectoryEntry, FileType, Follow, Metadata, OpenOptions, Space, TimeChange};

impl Namespace {
    /// Makes something new at a path.
    fn create_at(
        &self,
        path: &Resolved<'_>,
        mut create: impl FnMut(&dyn FileSystem, RelativePath<'_>) -> Result<(), FileError>,
    ) -> Result<(), FileError> {
        let path = Cow::Borrowed(path.as_str());
        self.walk(path, &mut 0, |location, path| {
            let created = match location.to_create() {
                Ok(file_system) => create(file_system, location.relative),
                Err(error) => Err(error),
            };
            created.map_err(|error| self.refuse_creation(path, error))
        })?;
        Ok(())
    }

    /// The error for making something new at a path where the mount gave `error`.
    fn refuse_creation(&self, path: &str, error: FileError) -> FileError {
        match error {
            // The mount does not know the directory, but the guest sees it.
            FileError::NotFound if self.mounts.is_parent_synthetic(path) => FileError::ReadOnly,
            error => error,
        }
    }

    /// Looks at a path.
    ///
    /// # Errors
    /// As POSIX's `stat` and `lstat`.
    pub fn metadata(&self, path: &Resolved<'_>, follow: Follow) -> Result<Metadata, FileError> {
        let follow = path.follow(follow);
        self.at(path, |location| {
            let metadata = location.metadata(follow)?;
            let must_be_directory = path.must_be_directory() || location.ending != Ending::Name;
            if must_be_directory && !metadata.is_directory() {
                return Err(FileError::NotDirectory);
            }
            Ok(metadata)
        })
    }

    /// Opens a file or finds a directory.
    ///
    /// # Errors
    /// As POSIX's `open`.
    pub fn open(&self, path: &Resolved<'_>, options: &OpenOptions) -> Result<Entry, FileError> {
        if options.create && options.directory {
            return Err(FileError::Invalid);
        }
        let mut options = *options;
        if path.must_be_directory() {
            if options.create {
                return Err(self.refuse_created_directory(path, &options));
            }
            options.directory = true;
            options.no_follow = false;
        }
        self.check_length(path)?;
        let start = Cow::Borrowed(path.as_str());
        let (found, opened) = self.walk(start, &mut 0, |location, path| {
            if location.ending != Ending::Name {
                if options.create {
                    let linked = Resolved::ending_in(path, location.ending);
                    return Err(self.refuse_created_directory(&linked, &options));
                }
                options.directory = true;
            }
            if location.point.is_some() && !location.is_mount_root {
                check_open(FileType::Directory, &options)?;
                return Ok(None);
            }
            let opened = match location.mount {
                Some((mount, file_system)) => file_system
                    .open(location.relative, &options)
                    .map(|opened| (opened, mount)),
                None => Err(FileError::NotFound),
            };
            match opened {
                Ok((Opened::File(file), mount)) => Ok(Some((file, mount))),
                Ok((Opened::Directory, _)) => Ok(None),
                Err(error) if options.create => Err(self.refuse_creation(path, error)),
                Err(error) => Err(error),
            }
        })?;
        Ok(match opened {
            Some((file, mount)) => Entry::File(file, mount),
            None => Entry::Directory(found.into_owned()),
        })
    }

    /// Lists a directory, mount points included.
    ///
    /// # Errors
    /// As POSIX's `opendir`.
    pub fn read_directory(&self, path: &Resolved<'_>) -> Result<DirectoryEntries, FileError> {
        self.at(path, |location| {
            let listed = match location.file_system() {
                Ok(file_system) => file_system.read_directory(location.relative),
                Err(error) => Err(error),
            };
            let listed = match listed {
                Err(error) if location.is_synthetic(&error) => Box::new(std::iter::empty()),
                listed => listed?,
            };
            let points = self.points_below(location);
            if points.is_empty() {
                return Ok(listed);
            }
            let names: BTreeMap<_, _> = points.into_iter().collect();
            let hidden = names.clone();
            // A mount covers what has its name.
            let listed = listed.filter(move |entry| match entry {
                Ok(entry) => !hidden.contains_key(&entry.name),
                Err(_) => true,
            });
            let mounted = names
                .into_iter()
                .map(|(name, file_type)| Ok(DirectoryEntry { name, file_type }));
            Ok(Box::new(mounted.chain(listed)))
        })
    }

    /// The mount points that are directly below a location.
    fn points_below(&self, location: &Location<'_>) -> Vec<(String, FileType)> {
        let Some(point) = location.point.and_then(|number| self.mounts.point(number)) else {
            return Vec::new();
        };
        let children = point.children.iter();
        let typed = children.map(|(name, number)| {
            let mount = self.mounts.point(*number).and_then(|child| child.mount);
            let mounted = mount.and_then(|mount| self.mounts.get(mount));
            let metadata =
                mounted.and_then(|root| root.metadata(RelativePath::ROOT, Follow::Yes).ok());
            let file_type = metadata.map_or(FileType::Directory, |found| found.file_type);
            (name.to_string(), file_type)
        });
        typed.collect()
    }

    /// Reads where a symbolic link points.
    ///
    /// # Errors
    /// As POSIX's `readlink`.
    pub fn read_link(&self, path: &Resolved<'_>) -> Result<String, FileError> {
        if path.must_be_directory() {
            self.metadata(path, Follow::Yes)?;
            return Err(FileError::Invalid);
        }
        self.at(path, |location| {
            if location.point.is_some() {
                return Err(FileError::Invalid);
            }
            location.file_system()?.read_link(location.relative)
        })
    }

    /// Makes an empty directory with the permission bits `mode`.
    ///
    /// # Errors
    /// As POSIX's `mkdir`.
    pub fn create_directory(&self, path: &Resolved<'_>, mode: u32) -> Result<(), FileError> {
        self.check_name(path, FileError::Exists)?;
        self.create_at(path, |file_system, path| {
            file_system.create_directory(path, mode)
        })
    }

    /// Removes a file or a symbolic link.
    ///
    /// # Errors
    /// As POSIX's `unlink`; [`FileError::Busy`] for a mounted file.
    pub fn remove_file(&self, path: &Resolved<'_>) -> Result<(), FileError> {
        self.check_name(path, FileError::IsDirectory)?;
        if path.must_be_directory() {
            return Err(match self.metadata_of_name(path)?.is_directory() {
                true => FileError::IsDirectory,
                false => FileError::NotDirectory,
            });
        }
        self.at(path, |location| {
            if location.point.is_some() && location.metadata(Follow::Yes)?.is_directory() {
                return Err(FileError::IsDirectory);
            }
            location.to_remove()?.remove_file(location.relative)
        })
    }

    /// Removes an empty directory.
    ///
    /// # Errors
    /// As POSIX's `rmdir`; [`FileError::Busy`] for a mount point or what leads to one.
    pub fn remove_directory(&self, path: &Resolved<'_>) -> Result<(), FileError> {
        self.check_name(
            path,
            match path.ending {
                Ending::DotDot => FileError::NotEmpty,
                _ => FileError::Invalid,
            },
        )?;
        self.at(path, |location| {
            if location.point.is_some() && !location.metadata(Follow::Yes)?.is_directory() {
                return Err(FileError::NotDirectory);
            }
            location.to_remove()?.remove_directory(location.relative)
        })
    }

    /// Gives a file or directory another path, and removes what was there.
    ///
    /// # Errors
    /// As POSIX's `rename`; [`FileError::CrossDevice`] from one mount to another,
    /// [`FileError::Busy`] for a mount point or what leads to one.
    pub fn rename(&self, from: &Resolved<'_>, to: &Resolved<'_>) -> Result<(), FileError> {
        match self.rename_names(from, to) {
            Ok(()) => Ok(()),
            Err(FileError::CrossDevice) => Err(FileError::CrossDevice),
            Err(error) => {
                self.check_renaming(from, to)?;
                // A mount point stays where it is, whatever it would meet.
                if !matches!(error, FileError::Busy) {
                    self.check_nesting(from, to)?;
                }
                Err(error)
            }
        }
    }

    fn rename_names(&self, from: &Resolved<'_>, to: &Resolved<'_>) -> Result<(), FileError> {
        let is_name = |path: &Resolved<'_>| matches!(path.ending, Ending::Name | Ending::Slash);
        if !is_name(from) || !is_name(to) {
            return Err(FileError::Busy);
        }
        let (old, new) = (self.settle(from, Follow::No)?, self.settle(to, Follow::No)?);
        let (old, new) = (self.mounts.locate(&old), self.mounts.locate(&new));
        let file_system = old.to_remove()?;
        new.to_remove()?;
        if old.mount.map(|(id, _)| id) != new.mount.map(|(id, _)| id) {
            return Err(FileError::CrossDevice);
        }
        let to_directory = from.must_be_directory() || to.must_be_directory();
        if to_directory && !old.metadata(Follow::No)?.is_directory() {
            return Err(FileError::NotDirectory);
        }
        file_system.rename(old.relative, new.relative)
    }

    /// Gives a file a second name.
    ///
    /// # Errors
    /// As POSIX's `linkat`; [`FileError::CrossDevice`] from one mount to another.
    pub fn link(
        &self,
        from: &Resolved<'_>,
        follow: Follow,
        to: &Resolved<'_>,
    ) -> Result<(), FileError> {
        self.check_linking(from, follow, to)?;
        let old = self.settle(from, from.follow(follow))?;
        let new = self.settle(to, Follow::No)?;
        let (old, new) = (self.mounts.locate(&old), self.mounts.locate(&new));
        let is_directory = old.metadata(Follow::No)?.is_directory();
        let file_system = new.to_create()?;
        if old.mount.map(|(id, _)| id) != new.mount.map(|(id, _)| id) {
            return Err(FileError::CrossDevice);
        }
        if is_directory || from.must_be_directory() {
            return Err(FileError::NotPermitted);
        }
        file_system.link(old.relative, new.relative)
    }

    /// Makes a symbolic link to `target`, which is not looked at.
    ///
    /// # Errors
    /// As POSIX's `symlink`.
    pub fn symlink(&self, target: &str, path: &Resolved<'_>) -> Result<(), FileError> {
        check_text(target)?;
        self.check_name(path, FileError::Exists)?;
        if path.must_be_directory() {
            self.metadata_of_name(path)?;
            return Err(FileError::Exists);
        }
        self.create_at(path, |file_system, path| file_system.symlink(target, path))
    }

    /// Sets when a file was last read and changed.
    ///
    /// # Errors
    /// As POSIX's `utimensat`.
    pub fn set_times(
        &self,
        path: &Resolved<'_>,
        follow: Follow,
        accessed: TimeChange,
        modified: TimeChange,
    ) -> Result<(), FileError> {
        let follow = path.follow(follow);
        self.check_ending(path)?;
        self.at(path, |location| {
            location.check_ending(follow)?;
            let set = location.file_system().and_then(|mounted| {
                mounted.set_times(location.relative, follow, accessed, modified)
            });
            match set {
                Err(error) if location.is_synthetic(&error) => Err(FileError::ReadOnly),
                set => set,
            }
        })
    }

    /// Sets the permission bits of a file or directory.
    ///
    /// # Errors
    /// As POSIX's `fchmodat`; [`FileError::Unsupported`] for a link itself.
    pub fn set_mode(
        &self,
        path: &Resolved<'_>,
        follow: Follow,
        mode: u32,
    ) -> Result<(), FileError> {
        let follow = path.follow(follow);
        self.check_ending(path)?;
        self.at(path, |location| {
            location.check_ending(follow)?;
            let set = location
                .file_system()
                .and_then(|mounted| mounted.set_mode(location.relative, follow, mode));
            match set {
                Err(error) if location.is_synthetic(&error) => Err(FileError::ReadOnly),
                set => set,
            }
        })
    }

    /// How much the mount holds whose root has this number of a device, as
    /// [`Metadata::device_number`] gives it, or `None` when there is none.
    ///
    /// # Errors
    /// What the host says.
    pub fn space_of(&self, device: u32) -> Option<Result<Space, FileError>> {
        self.mounts.all().find_map(|(id, mounted)| {
            let root = mounted.metadata(RelativePath::ROOT, Follow::Yes).ok()?;
            (id.qualify(root).device_number() == device).then(|| mounted.space())
        })
    }
}
