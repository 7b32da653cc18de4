//! Which files were verified as a whole, so that a start need not read them again.
//!
//! Reading an image takes some ten times as long as starting it. What a file is told by, its place on the
//! disk, size and times, changes when it is written, copied or moved; as long as they are those of a
//! file that was verified, so is it. That finds accidents, such as a transfer that went wrong, and
//! neither disks that fail later nor anybody who means harm and can write to the image.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use eryx_base::{Digest, cache_directory};

use super::error::ImageError;
use super::file::Image;
use super::file_state::{FileIdentity, FileState};

/// Where records are, in the cache of the user.
const DIRECTORY: &str = "verified";

impl FileState {
    fn path(&self, directory: &Path) -> PathBuf {
        let FileIdentity { device, inode } = self.identity;
        let name = Digest::of(format!("{device} {inode}").as_bytes());
        directory.join(DIRECTORY).join(name.to_string())
    }

    fn line(&self, identity: Digest) -> String {
        let Self {
            size,
            modified,
            changed,
            ..
        } = self;
        format!(
            "{size} {}.{} {}.{} {identity}\n",
            modified.0, modified.1, changed.0, changed.1
        )
    }

    /// Whether a file in this state, with the image of this identity in it, is on record.
    fn is_recorded(&self, cache: &Path, identity: Digest) -> bool {
        let record = fs::read(self.path(cache)).unwrap_or_default();
        record == self.line(identity).as_bytes()
    }

    /// Puts a file in this state on record. Where that fails it is verified again the next time.
    fn record(&self, cache: &Path, identity: Digest) {
        let path = self.path(cache);
        let temporary = path.with_extension(format!("{}.partial", std::process::id()));
        let _ = make_private(&cache.join(DIRECTORY))
            .and_then(|()| fs::write(&temporary, self.line(identity)))
            .and_then(|()| fs::rename(&temporary, &path));
    }
}

impl Image {
    /// As [`Image::verify`], unless the file is on record as verified and has not been touched since.
    /// Then it is put on record, in the cache of the user (`ERYX_CACHE_DIR`). Where there is no cache,
    /// nothing is read and nothing written: a start is to be quick everywhere.
    ///
    /// # Errors
    /// As those of [`Image::verify`].
    pub fn verify_once(&self) -> Result<(), ImageError> {
        let Some(directory) = cache_directory().filter(|directory| directory.is_dir()) else {
            return Ok(());
        };
        match self.state() {
            Some(state) if !state.is_recorded(&directory, self.identity()) => {
                self.verify()?;
                state.record(&directory, self.identity());
            }
            _ => {}
        }
        Ok(())
    }

    /// Puts the file on record as verified. To be called when [`Image::verify`] has found nothing, or by
    /// who wrote it; a cache is made where there is none.
    pub fn record_verified(&self) {
        if let (Some(state), Some(directory)) = (self.state(), cache_directory()) {
            state.record(&directory, self.identity());
        }
    }
}

fn make_private(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::fixture::TemporaryDirectory;
    use std::fs::File;

    #[test]
    fn a_file_is_on_record_until_it_is_touched() {
        let directory = TemporaryDirectory::new();
        let cache = directory.join("cache");
        let path = directory.join("x");
        fs::write(&path, "x").unwrap();
        let state = || FileState::of(&File::open(&path).unwrap()).unwrap().unwrap();
        let (identity, other) = (Digest::of(b"x"), Digest::of(b"y"));
        assert!(!state().is_recorded(&cache, identity));
        state().record(&cache, identity);
        assert!(state().is_recorded(&cache, identity));
        assert!(!state().is_recorded(&cache, other));
        let later = std::time::SystemTime::now() + std::time::Duration::from_secs(1);
        File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(later)
            .unwrap();
        assert!(!state().is_recorded(&cache, identity));
        fs::copy(&path, directory.join("copy")).unwrap();
        fs::rename(directory.join("copy"), &path).unwrap();
        assert!(!state().is_recorded(&cache, identity));
    }
}
