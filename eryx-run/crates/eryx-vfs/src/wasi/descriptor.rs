//! What a guest's descriptor stands for.

use std::sync::Arc;

use wasmtime_wasi::p2::FsResult;
use wasmtime_wasi::p2::bindings::sync::filesystem::types::DescriptorFlags;

use super::directories::DirectoryNumber;
use crate::error::FileError;
use crate::file_system::OpenFile;
use crate::namespace::MountId;
use crate::types::Metadata;

/// An open file or directory of the guest.
pub(super) enum Descriptor {
    File(FileDescriptor),
    Directory(DirectoryNumber),
}

impl Descriptor {
    pub(super) fn sync(&self, data_only: bool) -> FsResult<()> {
        match self {
            Self::File(file) => Ok(file.file.sync(data_only)?),
            // What a directory names is as safe as its mount makes it.
            Self::Directory(_) => Ok(()),
        }
    }
}

/// An open file, and what it was opened for.
#[derive(Clone)]
pub(super) struct FileDescriptor {
    file: Arc<dyn OpenFile>,
    mount: MountId,
    flags: DescriptorFlags,
}

impl FileDescriptor {
    pub(super) fn new(file: Arc<dyn OpenFile>, mount: MountId, flags: DescriptorFlags) -> Self {
        Self {
            file,
            mount,
            // That flag is about directories; libc sets it on all that it opens to write.
            flags: flags & !DescriptorFlags::MUTATE_DIRECTORY,
        }
    }

    pub(super) fn flags(&self) -> DescriptorFlags {
        self.flags
    }

    pub(super) fn metadata(&self) -> Result<Metadata, FileError> {
        Ok(self.mount.qualify(self.file.metadata()?))
    }

    /// The file, for what needs no permission of the descriptor.
    pub(super) fn any(&self) -> &Arc<dyn OpenFile> {
        &self.file
    }

    pub(super) fn readable(&self) -> Result<&Arc<dyn OpenFile>, FileError> {
        if self.flags.contains(DescriptorFlags::READ) {
            Ok(&self.file)
        } else {
            Err(FileError::BadDescriptor)
        }
    }

    pub(super) fn writable(&self) -> Result<&Arc<dyn OpenFile>, FileError> {
        if self.flags.contains(DescriptorFlags::WRITE) {
            Ok(&self.file)
        } else {
            Err(FileError::BadDescriptor)
        }
    }

    /// Writes all of `data`, at the end where no offset is given.
    pub(super) fn write(&self, offset: Option<u64>, data: &[u8]) -> Result<(), FileError> {
        let file = self.writable()?;
        match offset {
            Some(offset) => file.write_at(offset, data)?,
            None => file.append(data)?,
        }
        let whole = DescriptorFlags::FILE_INTEGRITY_SYNC;
        if self.flags.contains(whole) {
            file.sync(false)?;
        } else if self.flags.contains(DescriptorFlags::DATA_INTEGRITY_SYNC) {
            file.sync(true)?;
        }
        Ok(())
    }
}
