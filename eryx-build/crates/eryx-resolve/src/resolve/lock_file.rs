//! The lock's file: where it is, reading it within bounds, and writing it in one step.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use eryx_base::{Digest, regular_file};
use eryx_packaging::url::relative_path;

use super::choice::Preference;
use super::error::ResolveError;
use super::lock::{Lock, Place};
use super::pylock::{self, MAX_LOCK_BYTES};

/// The lock's path for a manifest: `pylock.toml` beside `eryx.toml`, and `pylock.NAME.toml` beside a
/// manifest with another name (PEP 751 allows for no dots in `NAME`).
#[must_use]
pub fn lock_path(manifest: &Path) -> PathBuf {
    let name = manifest.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.strip_suffix(".toml").unwrap_or(&name);
    if stem == "eryx" {
        return manifest.with_file_name("pylock.toml");
    }
    let stem = stem.replace(".toml", "").replace('.', "-");
    manifest.with_file_name(format!("pylock.{stem}.toml"))
}

/// Reads a lock; `None` when there is none.
pub(super) fn read(
    path: &Path,
    python: &str,
    preference: &Preference<'_>,
) -> Result<Option<Lock>, ResolveError> {
    let failed = |source| ResolveError::ReadLock {
        path: path.to_owned(),
        source,
    };
    let bytes = match regular_file::read_at_most(path, MAX_LOCK_BYTES) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Err(ResolveError::LockTooLarge(path.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let text = String::from_utf8(bytes).map_err(|_| {
        failed(io::Error::new(
            io::ErrorKind::InvalidData,
            "it is not UTF-8 text",
        ))
    })?;
    let directory = path.parent().unwrap_or(Path::new("."));
    let lock = pylock::read(&text, directory, python, preference);
    lock.map(Some).map_err(|problem| ResolveError::Lock {
        path: path.to_owned(),
        problem,
    })
}

/// The files of the host in a lock that are not what they were, a phrase each.
pub(super) fn changed_files(lock: &Lock, directory: &Path) -> Vec<String> {
    let files = lock.packages.iter().filter_map(|package| {
        let Place::Path(path) = &package.file.place else {
            return None;
        };
        let digest = regular_file::open(path).and_then(Digest::of_reader);
        let same = digest.is_ok_and(|(digest, _)| digest == package.file.sha256);
        (!same).then(|| format!("the file `{}` has changed", relative_path(path, directory)))
    });
    files.collect()
}

/// Writes a lock in one step: there is the old one or the new one, never half of one. A lock that
/// would be the same is left alone.
pub(super) fn write(path: &Path, lock: &Lock) -> Result<(), ResolveError> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let text = pylock::write(lock, directory);
    let old = regular_file::read_at_most(path, MAX_LOCK_BYTES);
    if old.is_ok_and(|old| old.as_deref() == Some(text.as_bytes())) {
        return Ok(());
    }
    let write = || -> io::Result<()> {
        let mut builder = tempfile::Builder::new();
        // As any file of the project: for whomever the user's mask allows.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let mut file: NamedTempFile = builder.prefix(".pylock-").tempfile_in(directory)?;
        file.write_all(text.as_bytes())?;
        file.persist(path)
            .map(drop)
            .map_err(|failure| failure.error)
    };
    write().map_err(|source| ResolveError::WriteLock {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_manifest_has_a_lock_of_its_own() {
        for (manifest, lock) in [
            ("/a/eryx.toml", "/a/pylock.toml"),
            ("/a/eryx.toml.example", "/a/pylock.eryx-example.toml"),
            ("/a/eryx-dev.toml", "/a/pylock.eryx-dev.toml"),
            ("/a/my.image.toml", "/a/pylock.my-image.toml"),
            ("/a/manifest", "/a/pylock.manifest.toml"),
        ] {
            assert_eq!(lock_path(Path::new(manifest)), Path::new(lock));
        }
    }
}
