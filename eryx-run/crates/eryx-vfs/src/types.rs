//! The small values that file systems and their callers exchange.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::mix::mix;

/// A moment, counted from 1970-01-01T00:00:00Z. Earlier moments do not exist in WASI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Timestamp {
    seconds: u64,
    nanoseconds: u32,
}

impl Timestamp {
    /// 1980-01-01T00:00:00Z: the time of every file of an image, and of all that has no other.
    pub const IMAGE: Self = Self {
        seconds: 315_532_800,
        nanoseconds: 0,
    };

    /// The moment `seconds` and `nanoseconds` after 1970, or `None` unless `nanoseconds` is below
    /// one thousand million.
    pub fn new(seconds: u64, nanoseconds: u32) -> Option<Self> {
        (nanoseconds < 1_000_000_000).then_some(Self {
            seconds,
            nanoseconds,
        })
    }

    /// The whole seconds since 1970.
    pub fn seconds(self) -> u64 {
        self.seconds
    }

    /// The nanoseconds beyond the whole seconds: 0 to 999 999 999.
    pub fn nanoseconds(self) -> u32 {
        self.nanoseconds
    }

    /// The host's form of it, or `None` when it is later than the host can express.
    pub fn to_system_time(self) -> Option<SystemTime> {
        UNIX_EPOCH.checked_add(Duration::new(self.seconds, self.nanoseconds))
    }
}

impl From<SystemTime> for Timestamp {
    /// A moment before 1970 becomes 1970.
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            seconds: since.as_secs(),
            nanoseconds: since.subsec_nanos(),
        }
    }
}

/// The clock that stamps files: the host's at run time, a fixed one at bake time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The host's clock.
pub fn system_clock() -> Clock {
    Arc::new(|| SystemTime::now().into())
}

/// The new value of a file's timestamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeChange {
    /// It stays as it is.
    Keep,
    /// The current time, by the clock of the file system.
    Now,
    /// This moment.
    Set(Timestamp),
}

/// What kind of file something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileType {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
    /// A character device, such as `/dev/null`.
    CharacterDevice,
    /// Anything else of the host: a FIFO, a socket, a block device. It cannot be opened.
    Other,
}

/// The bits of a mode that can be changed: permissions, set-user-ID, set-group-ID and sticky.
pub const PERMISSION_BITS: u32 = 0o7777;

impl FileType {
    /// The bits of POSIX's `st_mode` that say what kind of file it is.
    pub fn format(self) -> u32 {
        match self {
            Self::File => 0o100_000,
            Self::Directory => 0o040_000,
            Self::Symlink => 0o120_000,
            Self::CharacterDevice => 0o020_000,
            Self::Other => 0,
        }
    }

    /// The permissions of what nobody gave any.
    pub fn usual_permissions(self) -> u32 {
        match self {
            Self::File => 0o644,
            Self::Directory => 0o755,
            Self::Symlink => 0o777,
            Self::CharacterDevice => 0o666,
            Self::Other => 0,
        }
    }
}

/// How much a file system holds and how much of that is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Space {
    /// All bytes of it.
    pub total_bytes: u64,
    /// The bytes that nothing uses.
    pub free_bytes: u64,
    /// The bytes that the sandbox could still use.
    pub available_bytes: u64,
    /// How many files it can hold, directories and links included.
    pub total_files: u64,
    /// How many more files it could hold.
    pub free_files: u64,
    /// Whether it cannot be changed.
    pub read_only: bool,
}

/// What a file system knows about a file without opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metadata {
    /// What it is.
    pub file_type: FileType,
    /// POSIX's `st_mode`: the kind of file and its permission bits.
    pub mode: u32,
    /// Whether the file system that it is on cannot be changed.
    pub read_only: bool,
    /// The length of its contents in bytes; of its target for a symbolic link.
    pub size: u64,
    /// How many names it has.
    pub links: u64,
    /// Which device of its file system it is on, where that has more than one.
    pub device: u64,
    /// A number that no other file of the same device has.
    pub inode: u64,
    /// When it was last read.
    pub accessed: Timestamp,
    /// When its contents last changed.
    pub modified: Timestamp,
    /// When it last changed in any way.
    pub changed: Timestamp,
}

impl Metadata {
    /// The metadata of what never changes: one name, and the time of an image's files.
    pub fn fixed(file_type: FileType, size: u64, inode: u64) -> Self {
        Self {
            file_type,
            mode: file_type.format() | file_type.usual_permissions(),
            read_only: file_type != FileType::CharacterDevice,
            size,
            links: 1,
            device: 0,
            inode,
            accessed: Timestamp::IMAGE,
            modified: Timestamp::IMAGE,
            changed: Timestamp::IMAGE,
        }
    }

    /// The number of its device as the guest sees it.
    pub fn device_number(&self) -> u32 {
        // The upper half, which always fits.
        u32::try_from(mix(self.device) >> 32).unwrap_or_default()
    }

    /// Whether it is a directory.
    pub fn is_directory(&self) -> bool {
        self.file_type == FileType::Directory
    }
}

/// One name in a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryEntry {
    /// The name: one path component, never `.` or `..`.
    pub name: String,
    /// What it names.
    pub file_type: FileType,
}

/// Whether a symbolic link that is the last component of a path is followed.
///
/// Links before the last component always are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follow {
    /// The operation is about what the link points to.
    Yes,
    /// The operation is about the link itself.
    No,
}

/// How a file is to be opened. The default opens nothing but what is there, to look at it only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OpenOptions {
    /// Its contents will be read.
    pub read: bool,
    /// Its contents will be written.
    pub write: bool,
    /// Make it an empty file when it is not there.
    pub create: bool,
    /// With `create`: the permission bits of a file that is made.
    pub mode: u32,
    /// With `create`: fail when it is there already.
    pub exclusive: bool,
    /// Empty it.
    pub truncate: bool,
    /// Fail unless it is a directory.
    pub directory: bool,
    /// Fail when it is a symbolic link.
    pub no_follow: bool,
}

impl OpenOptions {
    /// To read what is there.
    pub fn to_read() -> Self {
        Self {
            read: true,
            ..Self::default()
        }
    }

    /// To read and write, with an empty new file when nothing is there.
    pub fn to_write() -> Self {
        Self {
            read: true,
            write: true,
            create: true,
            mode: 0o644,
            ..Self::default()
        }
    }

    /// Whether opening like this may change an existing file, now or later.
    pub fn mutates(&self) -> bool {
        self.write || self.truncate
    }

    /// Whether the last component is followed when it is a symbolic link.
    pub fn follow(&self) -> Follow {
        // As in POSIX, an exclusive creation fails on any link, wherever it points.
        if self.no_follow || (self.create && self.exclusive) {
            Follow::No
        } else {
            Follow::Yes
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_stay_in_range() {
        assert_eq!(Timestamp::new(1, 1_000_000_000), None);
        let before = UNIX_EPOCH - Duration::from_secs(5);
        assert_eq!(Timestamp::from(before), Timestamp::default());
        let late = Timestamp::new(u64::MAX, 999_999_999).unwrap();
        assert_eq!(late.to_system_time(), None);
        let moment = Timestamp::new(7, 9).unwrap();
        assert_eq!(Timestamp::from(moment.to_system_time().unwrap()), moment);
    }
}
