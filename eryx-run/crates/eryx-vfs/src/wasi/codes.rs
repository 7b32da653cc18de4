//! The values of `wasi:filesystem` and ours, translated.

use wasmtime_wasi::p2::bindings::clocks::wall_clock::Datetime;
use wasmtime_wasi::p2::bindings::filesystem::types::ErrorCode;
use wasmtime_wasi::p2::bindings::sync::filesystem::types::{
    self, DescriptorStat, DescriptorType, MetadataHashValue, NewTimestamp, PathFlags,
};
use wasmtime_wasi::p2::{FsError, FsResult};

use crate::error::FileError;
use crate::lock::{ByteRange, LockChange, LockKind};
use crate::mix::mix;
use crate::types::{
    DirectoryEntry, FileType, Follow, Metadata, PERMISSION_BITS, TimeChange, Timestamp,
};

/// The code that makes the guest's libc report the POSIX error that an error stands for.
pub(super) fn error_code(error: &FileError) -> ErrorCode {
    match error {
        FileError::NotFound => ErrorCode::NoEntry,
        FileError::Exists => ErrorCode::Exist,
        FileError::NotDirectory => ErrorCode::NotDirectory,
        FileError::IsDirectory => ErrorCode::IsDirectory,
        FileError::NotEmpty => ErrorCode::NotEmpty,
        FileError::ReadOnly => ErrorCode::ReadOnly,
        FileError::CrossDevice => ErrorCode::CrossDevice,
        FileError::Busy => ErrorCode::Busy,
        FileError::TextBusy => ErrorCode::TextFileBusy,
        FileError::SymlinkLoop | FileError::Symlink { .. } => ErrorCode::Loop,
        FileError::NameTooLong => ErrorCode::NameTooLong,
        FileError::Invalid => ErrorCode::Invalid,
        FileError::IllegalName => ErrorCode::IllegalByteSequence,
        FileError::NoSpace => ErrorCode::InsufficientSpace,
        FileError::FileTooLarge => ErrorCode::FileTooLarge,
        FileError::TooManyOpenFiles => ErrorCode::InsufficientMemory,
        FileError::Locked => ErrorCode::WouldBlock,
        FileError::TooManyLocks => ErrorCode::NoLock,
        FileError::NotPermitted => ErrorCode::NotPermitted,
        FileError::AccessDenied => ErrorCode::Access,
        FileError::BadDescriptor => ErrorCode::BadDescriptor,
        FileError::Unsupported => ErrorCode::Unsupported,
        FileError::Io(_) => ErrorCode::Io,
    }
}

impl From<FileError> for FsError {
    fn from(error: FileError) -> Self {
        error_code(&error).into()
    }
}

pub(super) fn follow(flags: PathFlags) -> Follow {
    if flags.contains(PathFlags::SYMLINK_FOLLOW) {
        Follow::Yes
    } else {
        Follow::No
    }
}

/// The nanoseconds of a time of access that is none: its seconds are the new mode of the file. WASI has
/// no function for that, and gives nanoseconds beyond 999 999 999 no meaning.
const MODE_CHANGE: u32 = 0xffff_0001;

/// The same for a lock of some bytes of the file, and for one of the whole file.
const LOCK_CHANGE: u32 = 0xffff_0002;
const WHOLE_LOCK_CHANGE: u32 = 0xffff_0003;

/// The permission bits that `set-times` sets when it is called with a time of access that is none.
pub(super) fn mode_change(accessed: &NewTimestamp) -> Option<u32> {
    match accessed {
        NewTimestamp::Timestamp(time) if time.nanoseconds == MODE_CHANGE => {
            Some(u32::try_from(time.seconds).unwrap_or(u32::MAX) & PERMISSION_BITS)
        }
        _ => None,
    }
}

/// A lock that `set-times` changes.
pub(super) enum Lock {
    Bytes(ByteRange, LockChange),
    Whole(LockChange),
}

/// The lock that `set-times` changes when it is called with a time of access that is none: where the
/// locked bytes start. How many there are, and what happens, is in the time of modification.
pub(super) fn lock_change(
    accessed: &NewTimestamp,
    modified: &NewTimestamp,
) -> Option<FsResult<Lock>> {
    let (NewTimestamp::Timestamp(start), NewTimestamp::Timestamp(length)) = (accessed, modified)
    else {
        return None;
    };
    let change = match length.nanoseconds {
        0 => Ok(LockChange::Release),
        1 => Ok(LockChange::Take(LockKind::Shared)),
        2 => Ok(LockChange::Take(LockKind::Exclusive)),
        3 => Ok(LockChange::Try(LockKind::Shared)),
        4 => Ok(LockChange::Try(LockKind::Exclusive)),
        _ => Err(FileError::Invalid),
    };
    let lock = match start.nanoseconds {
        LOCK_CHANGE => change.and_then(|change| {
            let range = ByteRange::new(start.seconds, length.seconds)?;
            Ok(Lock::Bytes(range, change))
        }),
        WHOLE_LOCK_CHANGE => change.map(Lock::Whole),
        _ => return None,
    };
    Some(lock.map_err(FsError::from))
}

pub(super) fn time_change(new: NewTimestamp) -> Result<TimeChange, FileError> {
    Ok(match new {
        NewTimestamp::NoChange => TimeChange::Keep,
        NewTimestamp::Now => TimeChange::Now,
        NewTimestamp::Timestamp(time) => {
            let time = Timestamp::new(time.seconds, time.nanoseconds);
            TimeChange::Set(time.ok_or(FileError::Invalid)?)
        }
    })
}

pub(super) fn descriptor_type(file_type: FileType) -> DescriptorType {
    match file_type {
        FileType::File => DescriptorType::RegularFile,
        FileType::Directory => DescriptorType::Directory,
        FileType::Symlink => DescriptorType::SymbolicLink,
        FileType::CharacterDevice => DescriptorType::CharacterDevice,
        FileType::Other => DescriptorType::Unknown,
    }
}

pub(super) fn entry(entry: DirectoryEntry) -> types::DirectoryEntry {
    types::DirectoryEntry {
        type_: descriptor_type(entry.file_type),
        name: entry.name,
    }
}

pub(super) fn stat(metadata: &Metadata) -> DescriptorStat {
    let time = |time: Timestamp| {
        Some(Datetime {
            seconds: time.seconds(),
            nanoseconds: time.nanoseconds(),
        })
    };
    DescriptorStat {
        type_: descriptor_type(metadata.file_type),
        link_count: metadata.links,
        size: metadata.size,
        data_access_timestamp: time(metadata.accessed),
        data_modification_timestamp: time(metadata.modified),
        status_change_timestamp: time(metadata.changed),
    }
}

/// The bit of a hash's upper half that says that the file system cannot be changed.
const READ_ONLY: u64 = 1 << 16;

/// What the guest makes inode and device numbers of, and the mode that WASI does not know: the same
/// numbers for one file, others for another, and nothing to learn the host's own numbers from.
///
/// The lower half is the inode's number. The upper half holds the device's number in its upper 32
/// bits, POSIX's `st_mode` in its lower 16, and between them whether the file system is read-only.
pub(super) fn metadata_hash(metadata: &Metadata) -> MetadataHashValue {
    let read_only = if metadata.read_only { READ_ONLY } else { 0 };
    MetadataHashValue {
        lower: mix(metadata.inode ^ mix(metadata.device)),
        upper: u64::from(metadata.device_number()) << 32
            | read_only
            | u64::from(metadata.mode & 0xffff),
    }
}
