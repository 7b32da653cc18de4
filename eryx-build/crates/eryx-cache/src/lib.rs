//! The per-user cache: what was fetched or computed once is not fetched or computed again.
//!
//! Entries are named by the hash of the inputs that made them and carry the hash of their own
//! bytes, which is checked at every read: a torn, altered or foreign entry counts as absent and is
//! made again. Every write goes to a temporary name and is renamed into place, so builds that run
//! at the same time may share one cache. The directory belongs to one user and is never a shared
//! temporary directory.
//!
//! This module must not know what an entry means.
//!
//! ```no_run
//! use eryx_base::Digest;
//! use eryx_cache::Cache;
//!
//! let cache = Cache::open()?;
//! let key = Digest::of_parts([b"link".as_slice(), b"inputs".as_slice()]);
//! if cache.get("components", &key).is_none() {
//!     cache.put("components", &key, b"a linked component")?;
//! }
//! # Ok::<(), eryx_cache::CacheError>(())
//! ```

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::{NamedTempFile, TempDir};

use eryx_base::digest::{DIGEST_LENGTH, Digest, HashingWriter};
use eryx_base::regular_file;

/// The environment variable that names another cache directory.
const CACHE_VARIABLE: &str = eryx_base::variables::CACHE_DIR.name;

/// The directory inside the cache that holds this layout; another layout takes another directory.
const LAYOUT: &str = "v1";
const TEMPORARY: &str = "tmp";
const MAGIC: &[u8; 8] = b"eryxent1";
/// What a build that was killed left behind is removed once nothing can be using it any more.
const ABANDONED_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Why the cache cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// The environment names no directory to put the cache in.
    #[error("no cache folder is known on this machine: set {CACHE_VARIABLE} to a folder of yours")]
    NoDirectory,
    /// Other users could plant files in the cache directory.
    #[error(
        "the cache folder {} can be written by every user of this machine: \
         take that permission away, or set {CACHE_VARIABLE} to a folder of yours", .0.display()
    )]
    Shared(PathBuf),
    /// A directory or file of the cache cannot be made, written or renamed.
    #[error(
        "cannot write to the cache at {}: free or unlock it, or set {CACHE_VARIABLE} to another \
         folder", path.display()
    )]
    Write {
        /// The directory or file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
}

impl CacheError {
    fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Write {
            path: path.to_owned(),
            source,
        }
    }
}

/// The per-user cache directory.
#[derive(Debug, Clone)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// Opens the cache of this user: `ERYX_CACHE_DIR`, or else `eryx` in the cache directory of the
    /// platform (`XDG_CACHE_HOME` or `~/.cache`; `~/Library/Caches`; `%LOCALAPPDATA%`).
    ///
    /// # Errors
    /// When no directory is known, when it cannot be made, or when every user may write to it.
    pub fn open() -> Result<Self, CacheError> {
        Self::at(&Self::user_directory()?)
    }

    /// The directory that [`Self::open`] opens, whether it is there or not.
    ///
    /// # Errors
    /// When no directory is known.
    pub fn user_directory() -> Result<PathBuf, CacheError> {
        eryx_base::cache_directory().ok_or(CacheError::NoDirectory)
    }

    /// Makes a directory that only this user can use, with those above it.
    ///
    /// # Errors
    /// When it cannot be made, or when every user may write to it.
    pub fn make_private(directory: &Path) -> Result<(), CacheError> {
        make_private(directory)
    }

    /// Opens the cache in the given directory, which is made when it is missing.
    ///
    /// # Errors
    /// When it cannot be made, or when every user may write to it.
    pub fn at(directory: &Path) -> Result<Self, CacheError> {
        let directory = std::path::absolute(directory).map_err(CacheError::write(directory))?;
        make_private(&directory)?;
        refuse_shared(&directory)?;
        let cache = Self {
            root: directory.join(LAYOUT),
        };
        let temporary = cache.root.join(TEMPORARY);
        make_private(&temporary)?;
        remove_abandoned(&temporary);
        Ok(cache)
    }

    /// The bytes that were put under this kind and key, if they are there and still whole.
    #[must_use]
    pub fn get(&self, kind: &'static str, key: &Digest) -> Option<Vec<u8>> {
        let path = self.path(kind, key);
        let mut file = regular_file::open(&path).ok()?;
        let mut magic = [0; MAGIC.len()];
        let mut recorded = [0; DIGEST_LENGTH];
        let mut contents = Vec::new();
        let whole = file.read_exact(&mut magic).is_ok()
            && file.read_exact(&mut recorded).is_ok()
            && file.read_to_end(&mut contents).is_ok()
            && &magic == MAGIC
            && Digest::of(&contents).as_bytes() == &recorded;
        if whole {
            return Some(contents);
        }
        // Whoever asked makes it again; removing it only saves the next reader the hashing.
        let _ = fs::remove_file(&path);
        None
    }

    /// Puts bytes under a kind and key, in place of what was there.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub fn put(&self, kind: &'static str, key: &Digest, contents: &[u8]) -> Result<(), CacheError> {
        let mut file = self.temporary_file()?;
        file.write_all(MAGIC)
            .and_then(|()| file.write_all(Digest::of(contents).as_bytes()))
            .and_then(|()| file.write_all(contents))
            .map_err(CacheError::write(file.path()))?;
        Self::rename_in(file, &self.path(kind, key))
    }

    /// The file with exactly this content, if it is there and still whole: its hash is computed
    /// anew before its path is given.
    #[must_use]
    pub fn file(&self, kind: &'static str, content: &Digest) -> Option<PathBuf> {
        let path = self.path(kind, content);
        let (digest, _) = Digest::of_reader(regular_file::open(&path).ok()?).ok()?;
        if digest == *content {
            return Some(path);
        }
        let _ = fs::remove_file(&path);
        None
    }

    /// Copies a file into the cache under the hash of its content; gives that hash and its path.
    ///
    /// # Errors
    /// When the file cannot be read or the cache cannot be written.
    pub fn keep_file(
        &self,
        kind: &'static str,
        source: &Path,
    ) -> Result<(Digest, PathBuf), CacheError> {
        let mut input = regular_file::open(source).map_err(CacheError::write(source))?;
        let mut file = self.temporary_file()?;
        // The hash is taken from the very bytes that are written, so that nothing can change
        // between the two.
        let mut copy = HashingWriter::new(&mut file);
        io::copy(&mut input, &mut copy).map_err(CacheError::write(source))?;
        let digest = copy.finish();
        let path = self.path(kind, &digest);
        Self::rename_in(file, &path)?;
        Ok((digest, path))
    }

    /// A new private directory inside the cache, removed when it is dropped.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn temporary_directory(&self) -> Result<TempDir, CacheError> {
        let directory = self.root.join(TEMPORARY);
        tempfile::tempdir_in(&directory).map_err(CacheError::write(&directory))
    }

    /// The directory of a kind and key, whether it is there or not, for what is a tree of files that
    /// name the directory itself. Nothing checks what is in it.
    ///
    /// # Errors
    /// When the directory above it cannot be made.
    pub fn tree(&self, kind: &'static str, key: &Digest) -> Result<PathBuf, CacheError> {
        let path = self.path(kind, key);
        if let Some(directory) = path.parent() {
            make_private(directory)?;
        }
        Ok(path)
    }

    fn temporary_file(&self) -> Result<NamedTempFile, CacheError> {
        let directory = self.root.join(TEMPORARY);
        NamedTempFile::new_in(&directory).map_err(CacheError::write(&directory))
    }

    fn rename_in(file: NamedTempFile, path: &Path) -> Result<(), CacheError> {
        if let Some(directory) = path.parent() {
            make_private(directory)?;
        }
        file.persist(path)
            .map(drop)
            .map_err(|failure| CacheError::write(path)(failure.error))
    }

    fn path(&self, kind: &'static str, key: &Digest) -> PathBuf {
        let name = key.to_string();
        // Two digits of the hash make a directory, since directories with many files are slow.
        let group = name.get(..2).unwrap_or_default().to_owned();
        self.root.join(kind).join(group).join(name)
    }
}

fn make_private(directory: &Path) -> Result<(), CacheError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder
        .create(directory)
        .map_err(CacheError::write(directory))
}

#[cfg(unix)]
fn refuse_shared(directory: &Path) -> Result<(), CacheError> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = fs::metadata(directory).map_err(CacheError::write(directory))?;
    if metadata.permissions().mode() & 0o002 != 0 {
        return Err(CacheError::Shared(directory.to_owned()));
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_shared(_directory: &Path) -> Result<(), CacheError> {
    Ok(())
}

/// Failures are of no interest: another build may be removing the same remains.
fn remove_abandoned(temporary: &Path) {
    let Ok(entries) = fs::read_dir(temporary) else {
        return;
    };
    for entry in entries.flatten() {
        let abandoned = entry
            .metadata()
            .and_then(|metadata| metadata.modified())
            .is_ok_and(|modified| {
                SystemTime::now()
                    .duration_since(modified)
                    .is_ok_and(|age| age > ABANDONED_AFTER)
            });
        if abandoned {
            let path = entry.path();
            let _ = fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new_cache() -> (TempDir, Cache) {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::at(&directory.path().join("cache")).unwrap();
        (directory, cache)
    }

    #[test]
    fn an_entry_comes_back_as_it_was_put() {
        let (_directory, cache) = new_cache();
        let key = Digest::of(b"key");
        assert_eq!(cache.get("things", &key), None);
        cache.put("things", &key, b"first").unwrap();
        cache.put("things", &key, b"second").unwrap();
        assert_eq!(cache.get("things", &key).as_deref(), Some(&b"second"[..]));
        assert_eq!(cache.get("others", &key), None);
    }

    #[test]
    fn an_altered_or_torn_entry_counts_as_absent() {
        let (_directory, cache) = new_cache();
        let key = Digest::of(b"key");
        for damage in [
            |bytes: &mut Vec<u8>| bytes.truncate(20),
            |bytes: &mut Vec<u8>| bytes.push(0),
            |bytes: &mut Vec<u8>| bytes.clear(),
        ] {
            cache.put("things", &key, b"contents").unwrap();
            let path = cache.path("things", &key);
            let mut bytes = fs::read(&path).unwrap();
            damage(&mut bytes);
            fs::write(&path, bytes).unwrap();
            assert_eq!(cache.get("things", &key), None);
            assert!(!path.exists());
        }
    }

    #[test]
    fn a_kept_file_is_found_by_its_content_until_it_is_altered() {
        let (directory, cache) = new_cache();
        let source = directory.path().join("source");
        fs::write(&source, b"a wheel").unwrap();
        let (digest, path) = cache.keep_file("wheels", &source).unwrap();
        assert_eq!(digest, Digest::of(b"a wheel"));
        assert_eq!(cache.file("wheels", &digest), Some(path.clone()));
        fs::write(&path, b"another").unwrap();
        assert_eq!(cache.file("wheels", &digest), None);
    }

    #[cfg(unix)]
    #[test]
    fn the_directory_is_private_and_a_shared_one_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let (directory, _cache) = new_cache();
        let path = directory.path().join("cache");
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
        assert!(matches!(Cache::at(&path), Err(CacheError::Shared(_))));
    }
}
