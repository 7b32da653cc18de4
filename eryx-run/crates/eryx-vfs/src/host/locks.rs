//! Locks of the host's files, as `fcntl` has them for open file descriptions (`F_OFD_SETLK`): other
//! processes meet them, whether they lock that way or for a whole process.

use std::fs::File;
use std::io;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::error::FileError;
use crate::lock::{ByteRange, LockChange, LockKind};

/// The most pieces of one open file that may be locked. The kernel keeps a record for each, and has no
/// limit of its own.
const MAX_PIECES: usize = 64;

/// The pieces of an open file that are locked.
#[derive(Debug, Default)]
pub(super) struct LockedPieces(Vec<ByteRange>);

impl LockedPieces {
    /// Changes locks of the host's file, and notes that.
    ///
    /// # Errors
    /// [`FileError::Locked`] when another open file has a lock in the way,
    /// [`FileError::TooManyLocks`], or what the host says.
    pub(super) fn change(
        &mut self,
        file: &File,
        range: ByteRange,
        change: LockChange,
    ) -> Result<(), FileError> {
        let after = match change {
            LockChange::Try(_) => None,
            LockChange::Take(_) => Some(self.without(range, Some(range))?),
            LockChange::Release => Some(self.without(range, None)?),
        };
        system::change(file, range, change)?;
        if let Some(after) = after {
            self.0 = after;
        }
        Ok(())
    }

    /// The pieces that are locked when those of a range are not, but `added` is.
    fn without(
        &self,
        range: ByteRange,
        added: Option<ByteRange>,
    ) -> Result<Vec<ByteRange>, FileError> {
        let kept = self.0.iter().flat_map(|piece| piece.outside(range));
        let pieces: Vec<ByteRange> = kept.chain(added).collect();
        if pieces.len() > MAX_PIECES {
            return Err(FileError::TooManyLocks);
        }
        Ok(pieces)
    }
}

/// Changes the lock of a whole file that `flock` has.
///
/// # Errors
/// As [`crate::OpenFile::lock_whole`].
pub(super) fn change_whole(file: &File, change: LockChange) -> Result<(), FileError> {
    let operation = match change {
        LockChange::Take(LockKind::Shared) => FlockOperation::NonBlockingLockShared,
        LockChange::Take(LockKind::Exclusive) => FlockOperation::NonBlockingLockExclusive,
        LockChange::Release => FlockOperation::NonBlockingUnlock,
        LockChange::Try(_) => return Err(FileError::Invalid),
    };
    loop {
        return match flock(file, operation) {
            Ok(()) => Ok(()),
            Err(Errno::INTR) => continue,
            Err(Errno::WOULDBLOCK) => Err(FileError::Locked),
            Err(Errno::NOLCK) => Err(FileError::TooManyLocks),
            Err(error) => Err(io::Error::from(error).into()),
        };
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs::File;
    use std::io;

    use nix::errno::Errno;
    use nix::fcntl::{FcntlArg, fcntl};
    use nix::libc;

    use crate::error::FileError;
    use crate::lock::{ByteRange, LockChange, LockKind};

    pub(super) fn change(
        file: &File,
        range: ByteRange,
        change: LockChange,
    ) -> Result<(), FileError> {
        let (kind, is_try) = match change {
            LockChange::Take(kind) => (kind_of(kind), false),
            LockChange::Try(kind) => (kind_of(kind), true),
            LockChange::Release => (libc::F_UNLCK, false),
        };
        let offset = |offset: u64| i64::try_from(offset).map_err(|_| FileError::Invalid);
        let length = if range.end() == ByteRange::WHOLE.end() {
            0
        } else {
            offset(range.end() - range.start())?
        };
        let mut lock = libc::flock {
            l_type: small(kind),
            l_whence: small(libc::SEEK_SET),
            l_start: offset(range.start())?,
            l_len: length,
            l_pid: 0,
        };
        loop {
            let result = if is_try {
                fcntl(file, FcntlArg::F_OFD_GETLK(&mut lock))
            } else {
                fcntl(file, FcntlArg::F_OFD_SETLK(&lock))
            };
            return match result {
                Ok(_) if is_try && lock.l_type != small(libc::F_UNLCK) => Err(FileError::Locked),
                Ok(_) => Ok(()),
                Err(Errno::EINTR) => continue,
                Err(Errno::EAGAIN | Errno::EACCES) => Err(FileError::Locked),
                Err(Errno::ENOLCK) => Err(FileError::TooManyLocks),
                Err(error) => Err(io::Error::from(error).into()),
            };
        }
    }

    fn kind_of(kind: LockKind) -> i32 {
        match kind {
            LockKind::Shared => libc::F_RDLCK,
            LockKind::Exclusive => libc::F_WRLCK,
        }
    }

    /// The small numbers of C's header, in the type that its structure has for them.
    fn small(number: i32) -> libc::c_short {
        libc::c_short::try_from(number).unwrap_or_default()
    }
}

/// Only Linux has locks that belong to an open file: those of a process would not keep two sandboxes of
/// one process apart, and closing a file would give back the locks of all others of it.
#[cfg(not(target_os = "linux"))]
mod system {
    use std::fs::File;

    use crate::error::FileError;
    use crate::lock::{ByteRange, LockChange};

    #[expect(clippy::unnecessary_wraps, reason = "on Linux it can fail")]
    pub(super) fn change(_: &File, _: ByteRange, _: LockChange) -> Result<(), FileError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::OpenOptions;

    const READ: LockChange = LockChange::Take(LockKind::Shared);
    const WRITE: LockChange = LockChange::Take(LockKind::Exclusive);

    fn opened(path: &std::path::Path) -> (File, LockedPieces) {
        let file = OpenOptions::new().read(true).write(true).open(path);
        (file.unwrap(), LockedPieces::default())
    }

    fn range(start: u64, length: u64) -> ByteRange {
        ByteRange::new(start, length).unwrap()
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn locks_of_one_open_file_are_met_by_another() {
        let made = tempfile::NamedTempFile::new().unwrap();
        let (first, mut first_has) = opened(made.path());
        let (second, mut second_has) = opened(made.path());
        let is_locked = |result: Result<(), FileError>| match result {
            Ok(()) => false,
            Err(FileError::Locked) => true,
            Err(error) => panic!("{error}"),
        };
        first_has.change(&first, range(10, 10), READ).unwrap();
        second_has.change(&second, range(0, 0), READ).unwrap();
        assert!(is_locked(first_has.change(&first, range(10, 1), WRITE)));
        second_has
            .change(&second, range(10, 5), LockChange::Release)
            .unwrap();
        first_has.change(&first, range(10, 5), WRITE).unwrap();
        let looks = LockChange::Try(LockKind::Shared);
        assert!(is_locked(second_has.change(&second, range(14, 1), looks)));
        assert!(!is_locked(second_has.change(&second, range(15, 1), looks)));
        drop(first);
        second_has.change(&second, range(0, 0), WRITE).unwrap();
    }

    #[test]
    fn a_file_is_locked_as_a_whole() {
        let made = tempfile::NamedTempFile::new().unwrap();
        let [first, second] = [opened(made.path()).0, opened(made.path()).0];
        change_whole(&first, READ).unwrap();
        change_whole(&second, READ).unwrap();
        assert!(matches!(
            change_whole(&first, WRITE),
            Err(FileError::Locked)
        ));
        change_whole(&second, LockChange::Release).unwrap();
        change_whole(&first, WRITE).unwrap();
    }

    /// However a guest cuts its locks, the kernel's memory for them is bounded.
    #[test]
    fn pieces_are_counted() {
        let made = tempfile::NamedTempFile::new().unwrap();
        let (file, mut has) = opened(made.path());
        has.change(&file, ByteRange::WHOLE, WRITE).unwrap();
        let mut cuts = 0;
        let refused = loop {
            match has.change(&file, range(2 * cuts + 1, 1), LockChange::Release) {
                Ok(()) => cuts += 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(refused, FileError::TooManyLocks), "{refused}");
        assert_eq!(cuts, u64::try_from(MAX_PIECES).unwrap() - 1);
        // What joins pieces again is always possible.
        has.change(&file, ByteRange::WHOLE, READ).unwrap();
        assert_eq!(has.0, [ByteRange::WHOLE]);
        has.change(&file, ByteRange::WHOLE, LockChange::Release)
            .unwrap();
        assert!(has.0.is_empty());
    }

    #[test]
    fn ranges_beyond_what_posix_has_are_refused() {
        assert!(ByteRange::new(u64::MAX, 0).is_err());
        assert!(ByteRange::new(u64::MAX, 2).is_err());
        assert!(ByteRange::new(1, u64::MAX >> 1).is_err());
        assert!(ByteRange::new(0, u64::MAX >> 1).is_ok());
    }
}
