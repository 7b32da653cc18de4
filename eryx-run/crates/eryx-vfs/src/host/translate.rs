//! Values of the host's file system, and ours.

use std::io;
use std::time::SystemTime;

use cap_fs_ext::SystemTimeSpec;
use cap_std::fs::MetadataExt;

use crate::error::FileError;
use crate::types::{FileType, Metadata, Space, TimeChange, Timestamp};

/// Set-user-ID and set-group-ID, which no guest gives to files of the host: whoever runs such a file
/// on the host would run it with the rights of who runs the sandbox.
const IDENTITY_BITS: u32 = 0o6000;

/// The permission bits that a guest may give to a file of the host.
pub(super) fn permissions(mode: u32) -> Result<u32, FileError> {
    if mode & IDENTITY_BITS == 0 {
        Ok(mode & 0o1777)
    } else {
        Err(FileError::NotPermitted)
    }
}

pub(super) fn new_time(change: TimeChange) -> Result<Option<SystemTime>, FileError> {
    match change {
        TimeChange::Keep => Ok(None),
        TimeChange::Now => Ok(Some(SystemTime::now())),
        TimeChange::Set(time) => match time.to_system_time() {
            Some(time) => Ok(Some(time)),
            None => Err(FileError::Invalid),
        },
    }
}

pub(super) fn time_spec(change: TimeChange) -> Result<Option<SystemTimeSpec>, FileError> {
    Ok(match change {
        TimeChange::Now => Some(SystemTimeSpec::SymbolicNow),
        _ => new_time(change)?
            .map(|time| SystemTimeSpec::Absolute(cap_std::time::SystemTime::from_std(time))),
    })
}

pub(super) fn file_type(file_type: cap_std::fs::FileType) -> FileType {
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

pub(super) fn metadata(metadata: &cap_std::fs::Metadata) -> Metadata {
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
        file_type: file_type(metadata.file_type()),
        mode: metadata.mode(),
        read_only: false,
        size: metadata.len(),
        links: metadata.nlink(),
        device: metadata.dev(),
        inode: metadata.ino(),
        accessed: time(metadata.accessed()),
        modified: time(metadata.modified()),
        changed: changed.unwrap_or_default(),
    }
}

pub(super) fn space(found: &rustix::fs::StatVfs) -> Space {
    let bytes = |blocks: u64| blocks.saturating_mul(found.f_frsize);
    Space {
        total_bytes: bytes(found.f_blocks),
        free_bytes: bytes(found.f_bfree),
        available_bytes: bytes(found.f_bavail),
        total_files: found.f_files,
        free_files: found.f_ffree,
        read_only: false,
    }
}
