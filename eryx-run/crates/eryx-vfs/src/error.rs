//! What can go wrong in a file system, in POSIX's terms.

use std::io;

use rustix::io::Errno;

/// Why a file system refused or failed an operation.
///
/// The variants are those of POSIX that a guest can tell apart; [`super::add_to_linker`] hands
/// them to the guest as the error codes of `wasi:filesystem` 0.2. They carry no path: the guest
/// knows which path it asked for, and a failed lookup is too frequent to allocate for.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// No file or directory has this name (ENOENT).
    #[error("no such file or directory")]
    NotFound,
    /// Something has this name already (EEXIST).
    #[error("the file exists already")]
    Exists,
    /// A file stands where a directory is needed (ENOTDIR).
    #[error("not a directory")]
    NotDirectory,
    /// A directory stands where a file is needed (EISDIR).
    #[error("is a directory")]
    IsDirectory,
    /// The directory has entries (ENOTEMPTY).
    #[error("the directory is not empty")]
    NotEmpty,
    /// The file system is read-only (EROFS).
    #[error("the file system is read-only")]
    ReadOnly,
    /// The two paths are on different mounts (EXDEV).
    #[error("the two paths are on different mounts")]
    CrossDevice,
    /// The path is a mount point, or leads to one (EBUSY).
    #[error("the path is in use as a mount point")]
    Busy,
    /// The file is run or mapped by this process and cannot be written to (ETXTBSY).
    #[error("the file is in use as a program")]
    TextBusy,
    /// Too many symbolic links on the way (ELOOP).
    #[error("too many symbolic links")]
    SymlinkLoop,
    /// The path or one of its names is too long (ENAMETOOLONG).
    #[error("the path or one of its names is too long")]
    NameTooLong,
    /// The argument makes no sense (EINVAL).
    #[error("invalid argument")]
    Invalid,
    /// A name is not UTF-8, which is all that the guest can be told (EILSEQ).
    #[error("a name is not valid UTF-8")]
    IllegalName,
    /// The quota of bytes or of files is used up, or the disk is full (ENOSPC).
    #[error("no space left")]
    NoSpace,
    /// The file would be larger than a file can be (EFBIG).
    #[error("the file is too large")]
    FileTooLarge,
    /// The guest has too many files open (WASI has no EMFILE: it is told ENOMEM).
    #[error("too many open files")]
    TooManyOpenFiles,
    /// Another open file has a lock in the way (EAGAIN).
    #[error("the file is locked")]
    Locked,
    /// The file has too many locks (ENOLCK).
    #[error("too many locks")]
    TooManyLocks,
    /// The operation is not allowed here (EPERM).
    #[error("operation not permitted")]
    NotPermitted,
    /// The host's permissions forbid it (EACCES).
    #[error("permission denied")]
    AccessDenied,
    /// The descriptor was not opened for this (EBADF).
    #[error("the file is not open for this operation")]
    BadDescriptor,
    /// The file system cannot do this (ENOTSUP).
    #[error("operation not supported")]
    Unsupported,
    /// The path crosses a symbolic link that the caller has to follow: see [`super::FileSystem`].
    #[error("the path crosses a symbolic link")]
    Symlink {
        /// How many bytes of the path lead to the link, its own name included.
        link_length: usize,
        /// Where the link points: from its own directory, or from the root of the namespace.
        target: Box<str>,
    },
    /// The host failed in another way.
    #[error("input or output failed on the host")]
    Io(#[source] io::Error),
}

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        match Errno::from_io_error(&error) {
            Some(Errno::NOENT) => Self::NotFound,
            Some(Errno::EXIST) => Self::Exists,
            Some(Errno::NOTDIR) => Self::NotDirectory,
            Some(Errno::ISDIR) => Self::IsDirectory,
            Some(Errno::NOTEMPTY) => Self::NotEmpty,
            Some(Errno::ROFS) => Self::ReadOnly,
            Some(Errno::XDEV) => Self::CrossDevice,
            Some(Errno::BUSY) => Self::Busy,
            Some(Errno::TXTBSY) => Self::TextBusy,
            Some(Errno::LOOP) => Self::SymlinkLoop,
            Some(Errno::NAMETOOLONG) => Self::NameTooLong,
            Some(Errno::INVAL) => Self::Invalid,
            Some(Errno::ILSEQ) => Self::IllegalName,
            Some(Errno::NOSPC | Errno::DQUOT) => Self::NoSpace,
            Some(Errno::FBIG) => Self::FileTooLarge,
            Some(Errno::MFILE | Errno::NFILE) => Self::TooManyOpenFiles,
            // What a FIFO without a reader answers to a writer that will not wait.
            Some(Errno::PERM | Errno::NXIO) => Self::NotPermitted,
            Some(Errno::ACCESS) => Self::AccessDenied,
            Some(Errno::BADF) => Self::BadDescriptor,
            Some(Errno::NOTSUP | Errno::NOSYS) => Self::Unsupported,
            Some(_) => Self::Io(error),
            // cap-std's own refusals carry no number: a path that leads out of the mount, mostly.
            None => match error.kind() {
                io::ErrorKind::PermissionDenied => Self::NotPermitted,
                io::ErrorKind::NotFound => Self::NotFound,
                io::ErrorKind::AlreadyExists => Self::Exists,
                io::ErrorKind::InvalidInput => Self::Invalid,
                io::ErrorKind::Unsupported => Self::Unsupported,
                _ => Self::Io(error),
            },
        }
    }
}
