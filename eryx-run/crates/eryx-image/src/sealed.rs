//! A copy of an image that nobody can change, for images that others than their user can write to.

use std::fs::File;
use std::io;

/// Whether a file may change under a reader's hands: somebody else than this process's user and the
/// superuser may write to it.
#[cfg(target_os = "linux")]
pub(super) fn may_change(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = file.metadata()?;
    let user = rustix::process::geteuid().as_raw();
    let is_foreign = metadata.uid() != user && metadata.uid() != 0;
    Ok(is_foreign || metadata.mode() & 0o022 != 0)
}

/// A copy in memory, sealed: the system refuses to change it from now on.
#[cfg(target_os = "linux")]
pub(super) fn copy(file: &File) -> io::Result<File> {
    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create, sendfile};

    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let copy = memfd_create("eryx-image", flags)?;
    let length = file.metadata()?.len();
    let mut position = 0;
    while position < length {
        let wanted = usize::try_from(length - position).unwrap_or(usize::MAX);
        match sendfile(&copy, file, Some(&mut position), wanted) {
            // It is shorter by now; what is missing is found when the copy is examined.
            Ok(0) => break,
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let seals = SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL;
    fcntl_add_seals(&copy, seals)?;
    Ok(File::from(copy))
}

/// Other systems have no sealed memory.
#[cfg(not(target_os = "linux"))]
pub(super) fn may_change(_file: &File) -> io::Result<bool> {
    Ok(false)
}

/// Not called where [`may_change`] is never true.
#[cfg(not(target_os = "linux"))]
pub(super) fn copy(file: &File) -> io::Result<File> {
    file.try_clone()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::fixture::TemporaryDirectory;
    use std::fs::{Permissions, set_permissions, write};
    use std::os::unix::fs::{FileExt as _, PermissionsExt as _};

    #[test]
    fn who_else_may_write_is_told_by_owner_and_mode() {
        let directory = TemporaryDirectory::new();
        let path = directory.join("x");
        write(&path, "x").unwrap();
        for (mode, expected) in [(0o644, false), (0o755, false), (0o664, true), (0o646, true)] {
            set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let file = File::open(&path).unwrap();
            assert_eq!(may_change(&file).unwrap(), expected, "{mode:o}");
        }
    }

    #[test]
    fn a_sealed_copy_does_not_change_with_its_file() {
        let directory = TemporaryDirectory::new();
        let path = directory.join("x");
        write(&path, "before").unwrap();
        let copy = copy(&File::open(&path).unwrap()).unwrap();
        write(&path, "behind").unwrap();
        let mut bytes = [0; 6];
        copy.read_exact_at(&mut bytes, 0).unwrap();
        assert_eq!(&bytes, b"before");
        assert!(copy.write_at(b"x", 0).is_err());
        assert!(copy.set_len(0).is_err());
    }
}
