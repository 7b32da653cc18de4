//! Locks of files, which programs that share a file take so as not to disturb each other.

use crate::error::FileError;

/// One more than the last byte that can be locked: offsets of POSIX are signed.
const END: u64 = i64::MAX as u64;

/// Who else may have a lock of the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockKind {
    /// Others with a lock of this kind.
    Shared,
    /// Nobody.
    Exclusive,
}

/// Bytes of a file, which need not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteRange {
    start: u64,
    end: u64,
}

impl ByteRange {
    /// All bytes.
    pub const WHOLE: Self = Self { start: 0, end: END };

    /// `length` bytes from `start` on; all from there on when it is 0.
    ///
    /// # Errors
    /// [`FileError::Invalid`] when it would end beyond 2^63-1.
    pub fn new(start: u64, length: u64) -> Result<Self, FileError> {
        let end = match length {
            0 => Some(END),
            _ => start.checked_add(length),
        };
        match end {
            Some(end) if start < end && end <= END => Ok(Self { start, end }),
            _ => Err(FileError::Invalid),
        }
    }

    /// The first byte.
    pub fn start(self) -> u64 {
        self.start
    }

    /// One more than the last byte: above `start`, and at most 2^63-1.
    pub fn end(self) -> u64 {
        self.end
    }

    /// What of it lies outside another range: before it and behind it.
    pub(crate) fn outside(self, other: Self) -> impl Iterator<Item = Self> {
        let before = Self {
            start: self.start,
            end: self.end.min(other.start),
        };
        let behind = Self {
            start: self.start.max(other.end),
            end: self.end,
        };
        [before, behind]
            .into_iter()
            .filter(|range| range.start < range.end)
    }
}

/// What is to happen to a lock. An open file has at most one of a byte, which it changes or gives back;
/// closing the file gives back all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockChange {
    /// The bytes are locked from now on.
    Take(LockKind),
    /// Nothing is changed, but it fails as taking the lock would.
    Try(LockKind),
    /// The bytes are locked no longer.
    Release,
}
