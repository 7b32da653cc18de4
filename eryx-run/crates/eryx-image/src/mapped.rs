//! Which files this process has mapped as images.
//!
//! A mapping shows what others write into its file, and machine code is run where it is mapped. Whoever
//! lets a program write to files of the host asks here first. Device and inode tell a file, whatever
//! path, link or mount leads to it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::file_state::FileIdentity;

/// How many images of each file are open.
static MAPPED: Mutex<BTreeMap<FileIdentity, usize>> = Mutex::new(BTreeMap::new());

/// Whether this file is mapped as an image by this process now.
///
/// ```
/// let file = eryx_image::FileIdentity { device: u64::MAX, inode: u64::MAX };
/// assert!(!eryx_image::is_mapped(file));
/// ```
pub fn is_mapped(file: FileIdentity) -> bool {
    mapped().contains_key(&file)
}

/// Whether a file that begins with these bytes is machine code of the engine, as images are. 16 bytes
/// are enough.
pub fn begins_as_image(start: &[u8]) -> bool {
    super::elf::is_wasmtime_elf(start)
}

/// A file is on record as mapped while this lives.
#[derive(Debug)]
pub(super) struct MappedFile {
    identity: Option<FileIdentity>,
}

impl MappedFile {
    /// Puts a file on record.
    pub(super) fn new(identity: Option<FileIdentity>) -> Self {
        if let Some(identity) = identity {
            *mapped().entry(identity).or_default() += 1;
        }
        Self { identity }
    }
}

impl Drop for MappedFile {
    fn drop(&mut self) {
        let Some(identity) = self.identity else {
            return;
        };
        let mut mapped = mapped();
        if let Some(count) = mapped.get_mut(&identity) {
            *count -= 1;
            if *count == 0 {
                mapped.remove(&identity);
            }
        }
    }
}

fn mapped() -> MutexGuard<'static, BTreeMap<FileIdentity, usize>> {
    MAPPED.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::fixture::TemporaryDirectory;

    #[test]
    fn a_file_is_mapped_until_its_last_image_is_gone() {
        let directory = TemporaryDirectory::new();
        let path = directory.join("x");
        std::fs::write(&path, "x").unwrap();
        let identity = FileIdentity::of(&std::fs::metadata(&path).unwrap());
        assert!(!is_mapped(identity));
        let first = MappedFile::new(Some(identity));
        let second = MappedFile::new(Some(identity));
        drop(first);
        assert!(is_mapped(identity));
        drop(second);
        assert!(!is_mapped(identity));
    }
}
