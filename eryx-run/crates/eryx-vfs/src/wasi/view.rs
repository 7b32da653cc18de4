//! What one guest has open, and the way from its handles to that.

use wasmtime::component::{Resource, ResourceTable};
use wasmtime_wasi::p2::FsResult;
use wasmtime_wasi::p2::bindings::sync::filesystem::types;

use super::descriptor::{Descriptor, FileDescriptor};
use super::directories::{Directories, Place};
use crate::error::FileError;
use crate::namespace::{Namespace, Resolved};
use crate::types::{FileType, Follow, Metadata, PERMISSION_BITS};

/// A descriptor as the guest holds it.
pub(super) type Handle = Resource<types::Descriptor>;

/// How many files, directories and listings a guest may have open at once.
pub(super) const MAX_OPEN: usize = 4096;

/// The namespace of one sandbox, and how much of it the guest has open.
pub struct VfsState {
    pub(super) namespace: Namespace,
    pub(super) open: usize,
    pub(super) directories: Directories,
    pub(super) file_mode: u32,
    pub(super) directory_mode: u32,
}

impl VfsState {
    /// For a sandbox that is to see this namespace.
    pub fn new(namespace: Namespace) -> Self {
        Self {
            namespace,
            open: 0,
            directories: Directories::default(),
            file_mode: FileType::File.usual_permissions(),
            directory_mode: FileType::Directory.usual_permissions(),
        }
    }

    /// Sets the permission bits of the files and directories that the guest makes from now on.
    pub fn create_with(&mut self, files: u32, directories: u32) {
        self.file_mode = files & PERMISSION_BITS;
        self.directory_mode = directories & PERMISSION_BITS;
    }

    /// The namespace.
    pub fn namespace(&self) -> &Namespace {
        &self.namespace
    }
}

/// What the functions of `wasi:filesystem` work on.
pub struct FileSystemView<'a> {
    /// Where the guest's handles are.
    pub table: &'a mut ResourceTable,
    /// What they are handles on.
    pub state: &'a mut VfsState,
}

impl FileSystemView<'_> {
    pub(super) fn descriptor(&self, handle: &Handle) -> FsResult<&Descriptor> {
        Ok(self.table.get(&Resource::new_borrow(handle.rep()))?)
    }

    pub(super) fn file(&self, handle: &Handle) -> FsResult<&FileDescriptor> {
        match self.descriptor(handle)? {
            Descriptor::File(file) => Ok(file),
            Descriptor::Directory(_) => Err(FileError::IsDirectory.into()),
        }
    }

    /// The file that is to be changed; `refusal` for a directory, which nobody can open for that.
    pub(super) fn written(&self, handle: &Handle, refusal: FileError) -> FsResult<&FileDescriptor> {
        match self.descriptor(handle)? {
            Descriptor::File(file) => Ok(file),
            Descriptor::Directory(_) => Err(refusal.into()),
        }
    }

    /// Where an open directory is.
    pub(super) fn place(&self, handle: &Handle) -> FsResult<&Place> {
        match self.descriptor(handle)? {
            Descriptor::Directory(number) => {
                let place = self.state.directories.get(*number);
                Ok(place.ok_or(FileError::BadDescriptor)?)
            }
            Descriptor::File(_) => Err(FileError::NotDirectory.into()),
        }
    }

    /// The path of an open directory, in which there is nothing when it was removed.
    fn directory(&self, handle: &Handle) -> FsResult<&str> {
        match self.place(handle)? {
            Place::At(path) => Ok(path),
            Place::Removed(_) => Err(FileError::NotFound.into()),
        }
    }

    /// The path that a guest means by `path` on an open directory.
    pub(super) fn resolve<'p>(&self, directory: &Handle, path: &'p str) -> FsResult<Resolved<'p>> {
        let base = self.base(directory, path)?;
        Ok(self.state.namespace.resolve(base, path)?)
    }

    /// As [`Self::resolve`], for what has its own order of errors.
    pub(super) fn resolve_entry<'p>(
        &self,
        directory: &Handle,
        path: &'p str,
    ) -> FsResult<Resolved<'p>> {
        let base = self.base(directory, path)?;
        Ok(self.state.namespace.resolve_entry(base, path)?)
    }

    /// The directory that a path starts from.
    fn base(&self, directory: &Handle, path: &str) -> FsResult<&str> {
        let base = self.directory(directory)?;
        // WASI wants this; libc finds the directory for an absolute path by itself.
        if path.starts_with('/') {
            return Err(FileError::NotPermitted.into());
        }
        Ok(base)
    }

    pub(super) fn metadata(&self, handle: &Handle) -> FsResult<Metadata> {
        if let Descriptor::File(file) = self.descriptor(handle)? {
            return Ok(file.metadata()?);
        }
        Ok(match self.place(handle)? {
            Place::At(path) => {
                let path = Resolved::directory(path);
                self.state.namespace.metadata(&path, Follow::Yes)?
            }
            Place::Removed(metadata) => *metadata,
        })
    }

    pub(super) fn set_mode(&mut self, handle: &Handle, mode: u32) -> FsResult<()> {
        let number = match self.descriptor(handle)? {
            Descriptor::File(file) => return Ok(file.any().set_mode(mode)?),
            Descriptor::Directory(number) => *number,
        };
        match self.state.directories.get_mut(number) {
            Some(Place::At(path)) => {
                let path = Resolved::directory(path);
                let namespace = &self.state.namespace;
                Ok(namespace.set_mode(&path, Follow::Yes, mode)?)
            }
            Some(Place::Removed(metadata)) => {
                metadata.mode = (metadata.mode & !PERMISSION_BITS) | (mode & PERMISSION_BITS);
                Ok(())
            }
            None => Err(FileError::BadDescriptor.into()),
        }
    }

    /// Opens the directory at a path of the namespace.
    pub(super) fn push_directory(&mut self, path: String) -> FsResult<Handle> {
        let number = self.state.directories.open(path);
        let pushed = self.push_descriptor(Descriptor::Directory(number));
        if pushed.is_err() {
            self.state.directories.close(number);
        }
        pushed
    }

    /// Counts one more thing that the guest holds open.
    pub(super) fn count_open(&mut self) -> FsResult<()> {
        if self.state.open >= MAX_OPEN {
            return Err(FileError::TooManyOpenFiles.into());
        }
        self.state.open += 1;
        Ok(())
    }

    pub(super) fn count_closed(&mut self) {
        self.state.open = self.state.open.saturating_sub(1);
    }

    pub(super) fn push_descriptor(&mut self, descriptor: Descriptor) -> FsResult<Handle> {
        self.count_open()?;
        let pushed = self.table.push(descriptor)?;
        Ok(Resource::new_own(pushed.rep()))
    }
}
