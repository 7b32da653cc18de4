//! `wasi:filesystem` 0.2 for the guest.
//!
//! This module translates between the world of WASI (handles, flags, error codes) and a
//! [`Namespace`]; it decides nothing about files itself. Nothing here waits for anything but the
//! host's own disk, so every stream is always ready.
//!
//! The bindings of wasmtime-wasi name a descriptor type of their own, which only it can make. Ours
//! are in the same resource table under the same numbers: the table knows what it was given.

mod codes;
mod descriptor;
mod directories;
mod moves;
mod streams;
#[cfg(test)]
mod tests;
mod view;

use wasmtime::component::{HasData, Linker, Resource};
use wasmtime_wasi::p2::bindings::filesystem::preopens;
use wasmtime_wasi::p2::bindings::sync::filesystem::types::{
    self, DescriptorFlags, DescriptorStat, DescriptorType, Filesize, MetadataHashValue,
    NewTimestamp, OpenFlags, PathFlags,
};
use wasmtime_wasi::p2::{FsError, FsResult};
use wasmtime_wasi_io::streams::{DynInputStream, DynOutputStream};

use self::codes::{
    Lock, descriptor_type, entry, follow, lock_change, metadata_hash, mode_change, stat,
    time_change,
};
use self::descriptor::{Descriptor, FileDescriptor};
use self::directories::Place;
use self::streams::{FileInput, FileOutput};
pub use self::view::{FileSystemView, VfsState};
use self::view::{Handle, MAX_OPEN};
use super::error::FileError;
use super::file_system::DirectoryEntries;
use super::namespace::{Entry, Resolved};
use super::types::{Follow, OpenOptions};

/// The offset of a write that is no offset: the data goes to the end of the file, wherever that is then.
const AT_THE_END: Filesize = Filesize::MAX;

/// Names [`FileSystemView`] to wasmtime's linker.
struct HasFileSystem;

impl HasData for HasFileSystem {
    type Data<'a> = FileSystemView<'a>;
}

/// Gives a component `wasi:filesystem/types` and `wasi:filesystem/preopens`, with `/` as the one
/// directory that it finds open. Streams need `wasi:io` from elsewhere, on the same table.
///
/// # Errors
/// When the linker has these interfaces already.
pub fn add_to_linker<T: Send + 'static>(
    linker: &mut Linker<T>,
    view: fn(&mut T) -> FileSystemView<'_>,
) -> wasmtime::Result<()> {
    types::add_to_linker::<T, HasFileSystem>(linker, view)?;
    preopens::add_to_linker::<T, HasFileSystem>(linker, view)
}

type Listing = Resource<types::DirectoryEntryStream>;

impl preopens::Host for FileSystemView<'_> {
    fn get_directories(&mut self) -> wasmtime::Result<Vec<(Handle, String)>> {
        Ok(vec![(self.push_directory(String::new())?, "/".to_owned())])
    }
}

impl types::Host for FileSystemView<'_> {
    fn convert_error_code(&mut self, error: FsError) -> wasmtime::Result<types::ErrorCode> {
        Ok(error.downcast()?.into())
    }

    fn filesystem_error_code(
        &mut self,
        error: Resource<wasmtime::Error>,
    ) -> wasmtime::Result<Option<types::ErrorCode>> {
        let error = self.table.get(&error)?.downcast_ref::<FileError>();
        Ok(error.map(|error| codes::error_code(error).into()))
    }
}

impl types::HostDescriptor for FileSystemView<'_> {
    fn read_via_stream(
        &mut self,
        handle: Handle,
        offset: Filesize,
    ) -> FsResult<Resource<DynInputStream>> {
        let file = self.file(&handle)?.readable()?;
        let stream: DynInputStream = Box::new(FileInput::new(file, offset));
        Ok(self.table.push(stream)?)
    }

    fn write_via_stream(
        &mut self,
        handle: Handle,
        offset: Filesize,
    ) -> FsResult<Resource<DynOutputStream>> {
        let stream = FileOutput::new(self.file(&handle)?, Some(offset))?;
        let stream: DynOutputStream = Box::new(stream);
        Ok(self.table.push(stream)?)
    }

    fn append_via_stream(&mut self, handle: Handle) -> FsResult<Resource<DynOutputStream>> {
        let stream = FileOutput::new(self.file(&handle)?, None)?;
        let stream: DynOutputStream = Box::new(stream);
        Ok(self.table.push(stream)?)
    }

    fn advise(
        &mut self,
        handle: Handle,
        _offset: Filesize,
        _length: Filesize,
        _advice: types::Advice,
    ) -> FsResult<()> {
        self.file(&handle)?;
        Ok(())
    }

    fn sync_data(&mut self, handle: Handle) -> FsResult<()> {
        self.descriptor(&handle)?.sync(true)
    }

    fn sync(&mut self, handle: Handle) -> FsResult<()> {
        self.descriptor(&handle)?.sync(false)
    }

    fn get_flags(&mut self, handle: Handle) -> FsResult<DescriptorFlags> {
        Ok(match self.descriptor(&handle)? {
            Descriptor::File(file) => file.flags(),
            // In POSIX a directory that was opened to be read serves to change what is in it;
            // whether that is allowed is for its mount to say.
            Descriptor::Directory(_) => DescriptorFlags::READ | DescriptorFlags::MUTATE_DIRECTORY,
        })
    }

    fn get_type(&mut self, handle: Handle) -> FsResult<DescriptorType> {
        Ok(descriptor_type(self.metadata(&handle)?.file_type))
    }

    fn set_size(&mut self, handle: Handle, size: Filesize) -> FsResult<()> {
        // Linux has another error here than for a write.
        let file = self.written(&handle, FileError::Invalid)?;
        let file = file.writable().map_err(|_| FileError::Invalid)?;
        Ok(file.set_size(size)?)
    }

    fn set_times(
        &mut self,
        handle: Handle,
        accessed: NewTimestamp,
        modified: NewTimestamp,
    ) -> FsResult<()> {
        if let Some(mode) = mode_change(&accessed) {
            return self.set_mode(&handle, mode);
        }
        if let Some(lock) = lock_change(&accessed, &modified) {
            let file = self.file(&handle)?.any();
            match lock? {
                Lock::Bytes(range, change) => file.lock(range, change)?,
                Lock::Whole(change) => file.lock_whole(change)?,
            }
            return Ok(());
        }
        let (accessed, modified) = (time_change(accessed)?, time_change(modified)?);
        if let Descriptor::File(file) = self.descriptor(&handle)? {
            file.any().set_times(accessed, modified)?;
        } else if let Place::At(path) = self.place(&handle)? {
            let path = Resolved::directory(path);
            let namespace = &self.state.namespace;
            namespace.set_times(&path, Follow::Yes, accessed, modified)?;
        }
        Ok(())
    }

    fn read(
        &mut self,
        handle: Handle,
        length: Filesize,
        offset: Filesize,
    ) -> FsResult<(Vec<u8>, bool)> {
        let file = self.file(&handle)?.readable()?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let data = file.read_at(offset, length)?;
        let is_end = data.is_empty() && length > 0;
        Ok((data.into(), is_end))
    }

    fn write(&mut self, handle: Handle, data: Vec<u8>, offset: Filesize) -> FsResult<Filesize> {
        let offset = (offset != AT_THE_END).then_some(offset);
        self.written(&handle, FileError::BadDescriptor)?
            .write(offset, &data)?;
        Ok(data.len() as u64)
    }

    fn read_directory(&mut self, handle: Handle) -> FsResult<Listing> {
        let entries: DirectoryEntries = match self.place(&handle)? {
            Place::At(path) => {
                let path = Resolved::directory(path);
                self.state.namespace.read_directory(&path)?
            }
            Place::Removed(_) => Box::new(std::iter::empty()),
        };
        self.count_open()?;
        let pushed = self.table.push::<DirectoryEntries>(entries)?;
        Ok(Resource::new_own(pushed.rep()))
    }

    fn create_directory_at(&mut self, handle: Handle, path: String) -> FsResult<()> {
        let path = self.resolve(&handle, &path)?;
        let mode = self.state.directory_mode;
        Ok(self.state.namespace.create_directory(&path, mode)?)
    }

    fn stat(&mut self, handle: Handle) -> FsResult<DescriptorStat> {
        Ok(stat(&self.metadata(&handle)?))
    }

    fn stat_at(
        &mut self,
        handle: Handle,
        flags: PathFlags,
        path: String,
    ) -> FsResult<DescriptorStat> {
        let path = self.resolve(&handle, &path)?;
        Ok(stat(&self.state.namespace.metadata(&path, follow(flags))?))
    }

    fn set_times_at(
        &mut self,
        handle: Handle,
        flags: PathFlags,
        path: String,
        accessed: NewTimestamp,
        modified: NewTimestamp,
    ) -> FsResult<()> {
        let path = self.resolve(&handle, &path)?;
        let namespace = &self.state.namespace;
        if let Some(mode) = mode_change(&accessed) {
            return Ok(namespace.set_mode(&path, follow(flags), mode)?);
        }
        let (accessed, modified) = (time_change(accessed)?, time_change(modified)?);
        Ok(namespace.set_times(&path, follow(flags), accessed, modified)?)
    }

    fn link_at(
        &mut self,
        handle: Handle,
        flags: PathFlags,
        old: String,
        new_handle: Handle,
        new: String,
    ) -> FsResult<()> {
        let old = self.resolve_entry(&handle, &old)?;
        let new = self.resolve_entry(&new_handle, &new);
        let (namespace, follow) = (&self.state.namespace, follow(flags));
        if new.is_err() {
            // What is wrong with the first path comes first.
            namespace.check_linked(&old, follow)?;
        }
        Ok(namespace.link(&old, follow, &new?)?)
    }

    fn open_at(
        &mut self,
        handle: Handle,
        path_flags: PathFlags,
        path: String,
        open_flags: OpenFlags,
        flags: DescriptorFlags,
    ) -> FsResult<Handle> {
        if self.state.open >= MAX_OPEN {
            // Before anything is made or emptied.
            return Err(FileError::TooManyOpenFiles.into());
        }
        let path = self.resolve_entry(&handle, &path)?;
        let options = OpenOptions {
            read: flags.contains(DescriptorFlags::READ),
            write: flags.contains(DescriptorFlags::WRITE),
            create: open_flags.contains(OpenFlags::CREATE),
            mode: self.state.file_mode,
            exclusive: open_flags.contains(OpenFlags::EXCLUSIVE),
            truncate: open_flags.contains(OpenFlags::TRUNCATE),
            directory: open_flags.contains(OpenFlags::DIRECTORY),
            no_follow: follow(path_flags) == Follow::No,
        };
        match self.state.namespace.open(&path, &options)? {
            Entry::File(file, mount) => {
                let file = FileDescriptor::new(file, mount, flags);
                self.push_descriptor(Descriptor::File(file))
            }
            Entry::Directory(path) => self.push_directory(path),
        }
    }

    fn readlink_at(&mut self, handle: Handle, path: String) -> FsResult<String> {
        let path = self.resolve(&handle, &path)?;
        Ok(self.state.namespace.read_link(&path)?)
    }

    fn remove_directory_at(&mut self, handle: Handle, path: String) -> FsResult<()> {
        let path = self.resolve(&handle, &path)?;
        Ok(self.state.remove_directory(&path)?)
    }

    fn rename_at(
        &mut self,
        handle: Handle,
        old: String,
        new_handle: Handle,
        new: String,
    ) -> FsResult<()> {
        let old = self.resolve_entry(&handle, &old)?;
        let new = self.resolve_entry(&new_handle, &new);
        let namespace = &self.state.namespace;
        if new.is_err() {
            // What is wrong with the directory of the first path comes first.
            namespace.check_parent(&old)?;
        }
        let new = new?;
        Ok(self.state.rename(&old, &new)?)
    }

    fn symlink_at(&mut self, handle: Handle, target: String, path: String) -> FsResult<()> {
        let path = self.resolve(&handle, &path)?;
        Ok(self.state.namespace.symlink(&target, &path)?)
    }

    fn unlink_file_at(&mut self, handle: Handle, path: String) -> FsResult<()> {
        let path = self.resolve(&handle, &path)?;
        Ok(self.state.remove_file(&path)?)
    }

    fn is_same_object(&mut self, first: Handle, second: Handle) -> wasmtime::Result<bool> {
        let (first, second) = (self.metadata(&first), self.metadata(&second));
        Ok(match (first, second) {
            (Ok(first), Ok(second)) => (first.device, first.inode) == (second.device, second.inode),
            // What cannot be looked at any more is the same as nothing.
            _ => false,
        })
    }

    fn metadata_hash(&mut self, handle: Handle) -> FsResult<MetadataHashValue> {
        Ok(metadata_hash(&self.metadata(&handle)?))
    }

    fn metadata_hash_at(
        &mut self,
        handle: Handle,
        flags: PathFlags,
        path: String,
    ) -> FsResult<MetadataHashValue> {
        let path = self.resolve(&handle, &path)?;
        let namespace = &self.state.namespace;
        let metadata = namespace.metadata(&path, follow(flags))?;
        Ok(metadata_hash(&metadata))
    }

    fn drop(&mut self, handle: Handle) -> wasmtime::Result<()> {
        let ours = Resource::<Descriptor>::new_own(handle.rep());
        if let Descriptor::Directory(number) = self.table.delete(ours)? {
            self.state.directories.close(number);
        }
        self.count_closed();
        Ok(())
    }
}

impl types::HostDirectoryEntryStream for FileSystemView<'_> {
    fn read_directory_entry(
        &mut self,
        listing: Listing,
    ) -> FsResult<Option<types::DirectoryEntry>> {
        let ours = Resource::<DirectoryEntries>::new_borrow(listing.rep());
        let next = self.table.get_mut(&ours)?.next();
        Ok(next.transpose()?.map(entry))
    }

    fn drop(&mut self, listing: Listing) -> wasmtime::Result<()> {
        let ours = Resource::<DirectoryEntries>::new_own(listing.rep());
        drop(self.table.delete(ours)?);
        self.count_closed();
        Ok(())
    }
}
