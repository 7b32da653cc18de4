//! Opening files that somebody else names: a manifest, a lock, a user.
//!
//! Whoever opens a FIFO waits for its writer, perhaps for ever, and opening a device can do
//! anything. Everything here opens regular files only, and never waits.
//!
//! ```
//! use eryx_base::regular_file;
//! use std::path::Path;
//!
//! let refused = regular_file::open(Path::new("/dev/null")).unwrap_err();
//! assert_eq!(refused.to_string(), "it is a device and no regular file");
//! ```

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

/// Why something is not opened: it is there, and is no regular file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct NotRegular(&'static str);

impl std::fmt::Display for NotRegular {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "it is {} and no regular file", self.0)
    }
}

impl std::error::Error for NotRegular {}

/// Opens a regular file to read it, without waiting. Symbolic links are followed.
///
/// # Errors
/// When it cannot be opened, or is no regular file: the error is of the kind `IsADirectory` for a
/// directory and `InvalidInput` for anything else.
pub fn open(path: &Path) -> io::Result<File> {
    // Asked first, since opening is enough to make some devices act, and once more afterwards, since
    // there may be another file at the path by then.
    check(&std::fs::metadata(path)?)?;
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    }
    let file = options.open(path)?;
    check(&file.metadata()?)?;
    Ok(file)
}

/// The bytes of a regular file, of which no more than `limit` are read; `None` when it has more.
///
/// # Errors
/// As [`open`], or when it cannot be read.
pub fn read_at_most(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let read = open(path)?
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    let fits = u64::try_from(read).is_ok_and(|read| read <= limit);
    Ok(fits.then_some(bytes))
}

/// Whether an error of [`open`] says that there is something else than a regular file.
#[must_use]
pub fn is_refusal(error: &io::Error) -> bool {
    matches!(error.get_ref(), Some(inner) if inner.is::<NotRegular>())
}

fn check(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_file() {
        return Ok(());
    }
    let kind = if metadata.is_dir() {
        io::ErrorKind::IsADirectory
    } else {
        io::ErrorKind::InvalidInput
    };
    Err(io::Error::new(kind, NotRegular(describe(metadata))))
}

fn describe(metadata: &Metadata) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        let kind = metadata.file_type();
        if kind.is_fifo() {
            return "a FIFO";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
    }
    if metadata.is_dir() {
        "a directory"
    } else {
        "something else"
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::net::UnixListener;
    use std::path::PathBuf;
    use std::process::Command;

    use super::*;

    /// A directory that is removed with its test.
    struct Directory(PathBuf);

    impl Directory {
        fn new(name: &str) -> Self {
            let name = format!("eryx-regular-file-{name}-{}", std::process::id());
            let path = std::env::temp_dir().join(name);
            std::fs::create_dir_all(&path).unwrap();
            Self(path)
        }
    }

    impl Drop for Directory {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn what_is_no_regular_file_is_refused_without_waiting() {
        let directory = Directory::new("kinds");
        let fifo = directory.0.join("fifo");
        assert!(
            Command::new("mkfifo")
                .arg(&fifo)
                .status()
                .unwrap()
                .success()
        );
        let link = directory.0.join("link");
        std::os::unix::fs::symlink(&fifo, &link).unwrap();
        let socket = directory.0.join("socket");
        let _listener = UnixListener::bind(&socket).unwrap();
        for (path, message) in [
            (fifo.as_path(), "it is a FIFO and no regular file"),
            (&link, "it is a FIFO and no regular file"),
            (&socket, "it is a socket and no regular file"),
            (&directory.0, "it is a directory and no regular file"),
            (Path::new("/dev/zero"), "it is a device and no regular file"),
        ] {
            let error = open(path).unwrap_err();
            assert_eq!(error.to_string(), message, "{}", path.display());
            assert!(is_refusal(&error));
        }
        let missing = open(&directory.0.join("missing")).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
        assert!(!is_refusal(&missing));
    }

    #[test]
    fn a_file_is_read_up_to_a_limit() {
        let directory = Directory::new("limit");
        let path = directory.0.join("file");
        std::fs::write(&path, b"12345").unwrap();
        assert_eq!(
            read_at_most(&path, 5).unwrap().as_deref(),
            Some(&b"12345"[..])
        );
        assert_eq!(read_at_most(&path, 4).unwrap(), None);
    }
}
