//! Replacing a file whole, or not at all.
//!
//! The new file grows under a name of its own in the same directory and takes the place of the old one
//! by a rename. Its writer holds a lock on it; a file of such a name that nobody holds is what a
//! killed build left, and the next build of the same image removes it.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::error::WriteError;

/// The end of the names of files that are being written.
const SUFFIX: &str = ".partial";
/// How many names are tried before giving up.
const ATTEMPTS: u32 = 64;
/// How many bytes of the name of the image go into the name of the file that is being written.
const STEM_LENGTH: usize = 160;

/// A file that is being written in order to replace another.
#[derive(Debug)]
pub(super) struct Replacement {
    /// As the caller named it.
    path: PathBuf,
    /// What is replaced: `path`, with symbolic links followed.
    target: PathBuf,
    temporary: PathBuf,
    file: File,
    finished: bool,
}

impl Replacement {
    /// Makes an empty file beside `path`, and removes what killed builds of `path` left.
    pub(super) fn begin(path: &Path) -> Result<Self, WriteError> {
        let refuse = |reason| WriteError::Path {
            path: path.to_owned(),
            reason,
        };
        let failed = |source| WriteError::Write {
            path: path.to_owned(),
            source,
        };
        let (target, permissions) = match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => return Err(refuse("it is a directory")),
            Ok(metadata) if !metadata.is_file() => return Err(refuse("it is not a regular file")),
            Ok(metadata) => (
                fs::canonicalize(path).map_err(failed)?,
                Some(metadata.permissions()),
            ),
            Err(error) if error.kind() == io::ErrorKind::NotFound => (path.to_owned(), None),
            Err(error) => return Err(failed(error)),
        };
        let name = target
            .file_name()
            .ok_or_else(|| refuse("it has no file name"))?;
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        let stem = stem(&name.to_string_lossy());
        remove_stale(&folder, &stem);
        let (temporary, file) = create(&folder, &stem).map_err(failed)?;
        let replacement = Self {
            path: path.to_owned(),
            target,
            temporary,
            file,
            finished: false,
        };
        if let Some(permissions) = permissions {
            replacement
                .file
                .set_permissions(for_its_owner_to_write(permissions))
                .map_err(failed)?;
        }
        Ok(replacement)
    }

    /// The file to write to.
    pub(super) fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Puts the new file where the old one was.
    pub(super) fn finish(mut self) -> Result<(), WriteError> {
        let replaced = self
            .file
            .sync_all()
            .and_then(|()| fs::rename(&self.temporary, &self.target));
        replaced.map_err(|source| WriteError::Write {
            path: self.path.clone(),
            source,
        })?;
        self.finished = true;
        // The image is whole and in its place; that the rename itself outlives a power failure is
        // more than some file systems offer.
        if let Some(folder) = self.temporary.parent() {
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        Ok(())
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if !self.finished {
            // There is nobody to tell, and the next build tries again.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// The beginning of the names under which a file is written.
fn stem(name: &str) -> String {
    let end = name.floor_char_boundary(STEM_LENGTH);
    format!(".{}.", name.get(..end).unwrap_or(name))
}

/// Creates and locks a file that nobody else has.
fn create(folder: &Path, stem: &str) -> io::Result<(PathBuf, File)> {
    let process = std::process::id();
    for attempt in 0..ATTEMPTS {
        let path = folder.join(format!("{stem}{process}-{attempt}{SUFFIX}"));
        let file = match options().open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            // Another build may have taken the file for a stale one before it was locked.
            Ok(()) if path.exists() => return Ok((path, file)),
            Ok(()) | Err(fs::TryLockError::WouldBlock) => continue,
            // A file system without locks: stale files stay there, nothing else is lost.
            Err(fs::TryLockError::Error(_)) => return Ok((path, file)),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// How the file is made: nobody but its owner may write to it, whatever the process's mask allows. An
/// image that others can write to has to be copied at every start.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o644);
    options
}

/// These permissions without those of others to write.
fn for_its_owner_to_write(permissions: fs::Permissions) -> fs::Permissions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::Permissions::from_mode(permissions.mode() & !0o022)
    }
    #[cfg(not(unix))]
    permissions
}

/// Removes files of killed builds. What cannot be removed is in nobody's way.
fn remove_stale(folder: &Path, stem: &str) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name: OsString = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let Some(middle) = name
            .strip_prefix(stem)
            .and_then(|rest| rest.strip_suffix(SUFFIX))
        else {
            continue;
        };
        let is_ours = middle
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
        if !is_ours || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let Ok(file) = OpenOptions::new().write(true).open(entry.path()) else {
            continue;
        };
        if file.try_lock().is_ok() {
            let _ = fs::remove_file(entry.path());
        }
    }
}
