//! The values of `wasi:filesystem` and ours, translated.

use wasmtime_wasi::p2::FsError;
use wasmtime_wasi::p2::bindings::clocks::wall_clock::Datetime;
use wasmtime_wasi::p2::bindings::filesystem::types::ErrorCode;
use wasmtime_wasi::p2::bindings::sync::filesystem::types::{
    self, DescriptorStat, DescriptorType, MetadataHashValue, NewTimestamp, PathFlags,
};

use crate::error::FileError;
use crate::namespace::mix;
use crate::types::{DirectoryEntry, FileType, Follow, Metadata, TimeChange, Timestamp};

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

/// What the guest makes device and inode numbers of: the same for one file, other for another,
/// and nothing to learn the host's own numbers from.
pub(super) fn metadata_hash(metadata: &Metadata) -> MetadataHashValue {
    let lower = mix(metadata.inode ^ mix(metadata.device));
    MetadataHashValue {
        lower,
        upper: mix(metadata.device.wrapping_add(mix(metadata.inode))),
    }
}
