//! The size of files that the host allows this process (RLIMIT_FSIZE).
//!
//! The kernel answers a write that begins at the limit, and a file made longer than it, with a signal
//! that ends the process (SIGXFSZ) before it answers with an error. What a process does with its signals
//! is its own affair, so nothing is done here that would raise it: the program in the sandbox gets the
//! error. Only another process that appends to the same file at the same moment can still cause it; the
//! command line ignores the signal for that.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

use rustix::fs::{OFlags, SeekFrom, fcntl_getfl, seek};
use rustix::process::{Resource, getrlimit};

use super::error::FileError;

/// The largest size that this process may give a file, in bytes.
fn limit() -> u64 {
    getrlimit(Resource::Fsize).current.unwrap_or(u64::MAX)
}

/// Whether an output of this process may be written to where it is now. Outputs that are no regular files
/// have no limit.
///
/// # Errors
/// [`io::ErrorKind::FileTooLarge`] when it may not.
pub fn check_output(output: &File) -> io::Result<()> {
    let limit = limit();
    if limit == u64::MAX || !output.metadata()?.is_file() {
        return Ok(());
    }
    let position = match fcntl_getfl(output)?.contains(OFlags::APPEND) {
        true => output.metadata()?.len(),
        false => seek(output, SeekFrom::Current(0))?,
    };
    match position >= limit {
        true => Err(rustix::io::Errno::FBIG.into()),
        false => Ok(()),
    }
}

/// Whether a file may have `size` bytes.
///
/// # Errors
/// [`FileError::FileTooLarge`] when it may not.
pub(super) fn check_size(file: &File, size: u64) -> Result<(), FileError> {
    // A file that is longer already may be made shorter.
    if size > limit() && size > file.metadata()?.len() {
        return Err(FileError::FileTooLarge);
    }
    Ok(())
}

/// Whether something may be added to the end of a file.
///
/// # Errors
/// [`FileError::FileTooLarge`] when it may not.
pub(super) fn check_append(file: &File) -> Result<(), FileError> {
    let limit = limit();
    if limit != u64::MAX && file.metadata()?.len() >= limit {
        return Err(FileError::FileTooLarge);
    }
    Ok(())
}

/// Writes all of `data` at `offset`, or what fits below the limit.
///
/// # Errors
/// [`FileError::FileTooLarge`] when not all of it fits, or what the host says.
pub(super) fn write_all_at(file: &File, mut data: &[u8], mut offset: u64) -> Result<(), FileError> {
    let limit = limit();
    while !data.is_empty() {
        if offset >= limit {
            return Err(FileError::FileTooLarge);
        }
        match file.write_at(data, offset) {
            Ok(0) => return Err(io::Error::from(io::ErrorKind::WriteZero).into()),
            Ok(count) => {
                data = data.get(count..).unwrap_or_default();
                offset = offset.saturating_add(count as u64);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
