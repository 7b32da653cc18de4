//! An open file of the host.

use std::fs::{FileTimes, Permissions};
use std::io;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use eryx_image::FileIdentity;

use super::locks::{self, LockedPieces};
use super::translate;
use crate::error::FileError;
use crate::file_system::{MAX_READ, OpenFile};
use crate::lock::{ByteRange, LockChange};
use crate::protected::ProtectedFiles;
use crate::size_limit;
use crate::types::{Metadata, TimeChange};

/// An open regular file of the host.
pub(super) struct HostFile {
    pub(super) file: std::fs::File,
    pub(super) identity: FileIdentity,
    pub(super) protected: ProtectedFiles,
    pub(super) locked: Mutex<LockedPieces>,
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
        Ok(translate::metadata(&cap_std::fs::Metadata::from_file(
            &self.file,
        )?))
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
        if let Some(time) = translate::new_time(accessed)? {
            times = times.set_accessed(time);
        }
        if let Some(time) = translate::new_time(modified)? {
            times = times.set_modified(time);
        }
        Ok(self.file.set_times(times)?)
    }

    fn set_mode(&self, mode: u32) -> Result<(), FileError> {
        self.protected
            .check_file(&self.file, &self.file.metadata()?)?;
        let permissions = Permissions::from_mode(translate::permissions(mode)?);
        Ok(self.file.set_permissions(permissions)?)
    }

    fn lock(&self, range: ByteRange, change: LockChange) -> Result<(), FileError> {
        let mut locked = self.locked.lock().unwrap_or_else(PoisonError::into_inner);
        locked.change(&self.file, range, change)
    }

    fn lock_whole(&self, change: LockChange) -> Result<(), FileError> {
        locks::change_whole(&self.file, change)
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
