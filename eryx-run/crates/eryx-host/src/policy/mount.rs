//! Mounts: files and directories of the host that a program sees.

use eryx_base::SandboxPath;
use std::path::{Path, PathBuf};

/// Directories of the image that nothing may hide.
const RESERVED: [&str; 3] = ["/usr", "/site-packages", "/dev"];

/// What a program may do in a mount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Read files and list directories.
    ReadOnly,
    /// Also create, change and remove them.
    ReadWrite,
}

/// A file or directory of the host that a program sees.
///
/// ```
/// use eryx_host::policy::{Access, Mount, SandboxPath};
///
/// let mount = Mount::new("/srv/data", SandboxPath::new("/data")?, Access::ReadOnly)?;
/// assert_eq!(mount.guest().as_str(), "/data");
/// assert!(Mount::new("/srv/data", SandboxPath::new("/usr")?, Access::ReadOnly).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    host: PathBuf,
    guest: SandboxPath,
    access: Access,
    is_unsafe_allowed: bool,
}

/// A mount would hide what belongs to the image.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{guest}` belongs to the image: choose another sandbox path, such as `/data`")]
pub struct MountError {
    guest: SandboxPath,
}

impl MountError {
    /// The sandbox path that was asked for.
    pub fn guest(&self) -> &SandboxPath {
        &self.guest
    }
}

impl Mount {
    /// A mount of the host's file or directory `host` at `guest`. Whether `host` is there is seen when
    /// a run starts.
    ///
    /// # Errors
    /// When `guest` is the root, or belongs to the image.
    pub fn new(
        host: impl Into<PathBuf>,
        guest: SandboxPath,
        access: Access,
    ) -> Result<Self, MountError> {
        let guest = check_free(guest)?;
        let host = host.into();
        Ok(Self {
            host,
            guest,
            access,
            is_unsafe_allowed: false,
        })
    }

    /// The same, even where it gives the program more than files. Otherwise a run does not start with a
    /// mount of `/proc`, `/sys`, another file system of the kernel's or what contains one, such as `/`:
    /// they show the memory and environment of processes on the host, this one included. Nor with one
    /// that can be written to and shows the cache of the toolchain.
    #[must_use]
    pub fn allow_unsafe(mut self) -> Self {
        self.is_unsafe_allowed = true;
        self
    }

    /// Whether it may give the program more than files.
    pub fn is_unsafe_allowed(&self) -> bool {
        self.is_unsafe_allowed
    }

    /// The host's file or directory.
    pub fn host(&self) -> &Path {
        &self.host
    }

    /// Where it is seen.
    pub fn guest(&self) -> &SandboxPath {
        &self.guest
    }

    /// What may be done there.
    pub fn access(&self) -> Access {
        self.access
    }
}

/// A file that is given to a run with its contents, and seen read-only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptFile {
    path: SandboxPath,
    contents: Vec<u8>,
}

impl ScriptFile {
    /// A file with these contents at `path`.
    ///
    /// # Errors
    /// As those of [`Mount::new`].
    pub fn new(path: SandboxPath, contents: impl Into<Vec<u8>>) -> Result<Self, MountError> {
        let path = check_free(path)?;
        let contents = contents.into();
        Ok(Self { path, contents })
    }

    /// Where it is seen.
    pub fn path(&self) -> &SandboxPath {
        &self.path
    }

    /// What it holds.
    pub fn contents(&self) -> &[u8] {
        &self.contents
    }
}

/// A path that does not belong to the image.
fn check_free(guest: SandboxPath) -> Result<SandboxPath, MountError> {
    if guest.is_root() || RESERVED.into_iter().any(|root| guest.is_within(root)) {
        return Err(MountError { guest });
    }
    Ok(guest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_the_image_is_not_hidden() {
        for taken in ["/", "/usr", "/usr/lib", "/site-packages/x", "/dev/null"] {
            let guest = SandboxPath::new(taken).unwrap();
            let error = Mount::new("a", guest.clone(), Access::ReadOnly).unwrap_err();
            assert_eq!(error.guest().as_str(), taken);
            assert!(
                error.to_string().contains("belongs to the image"),
                "{error}"
            );
            assert!(ScriptFile::new(guest, "pass").is_err());
        }
        for free in ["/data", "/usr2", "/work/usr", "/tmp/x"] {
            let guest = SandboxPath::new(free).unwrap();
            assert!(Mount::new("a", guest, Access::ReadWrite).is_ok(), "{free}");
        }
    }
}
