//! Opening what a mount shows, and refusing what no program should see.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::file_system::FileSystem;
use super::host::{HostAccess, HostFileSystem};
use super::protected::ProtectedFiles;
use super::read_only::ReadOnly;
use super::unsafe_mounts;

/// How a directory or file of the host is mounted.
#[derive(Debug, Clone)]
pub struct HostMountOptions {
    /// What the guest may do with it.
    pub access: HostAccess,
    /// Whether it may be, or contain, what gives the guest more than files: the kernel's interfaces, and
    /// where it can be written to, the user's cache.
    pub allow_unsafe: bool,
    /// Files that the guest does not change in any case.
    pub protected: ProtectedFiles,
}

impl From<HostAccess> for HostMountOptions {
    fn from(access: HostAccess) -> Self {
        Self {
            access,
            allow_unsafe: false,
            protected: ProtectedFiles::default(),
        }
    }
}

/// Why a path of the host cannot be mounted.
#[derive(Debug, thiserror::Error)]
pub enum HostMountError {
    /// It does not exist or cannot be opened.
    #[error(
        "cannot mount {path:?}, because it cannot be opened: check that it exists and may be read"
    )]
    Open {
        /// The path of the host.
        path: PathBuf,
        /// What the host said.
        #[source]
        source: io::Error,
    },
    /// It is a FIFO, a socket or a device.
    #[error("cannot mount {path:?}, because it is neither a directory nor a regular file")]
    Special {
        /// The path of the host.
        path: PathBuf,
    },
    /// It shows the kernel's view of processes, the one that opens it included.
    #[error(
        "cannot mount {path:?}, because it shows {shown:?}, and with that the memory and environment of \
         processes on the host: mount only what the program needs, or allow unsafe mounts"
    )]
    Kernel {
        /// The path of the host.
        path: PathBuf,
        /// Where the kernel's files are.
        shown: PathBuf,
    },
    /// It can be written to, and shows the cache, whose files are trusted.
    #[error(
        "cannot mount {path:?} to be written to, because it shows the cache of eryx, {shown:?}, of which \
         images are made: mount only what the program needs, or allow unsafe mounts"
    )]
    Cache {
        /// The path of the host.
        path: PathBuf,
        /// The cache.
        shown: PathBuf,
    },
}

impl HostFileSystem {
    /// Opens a directory or a file of the host for a mount. Links in `path` itself are followed.
    ///
    /// # Errors
    /// [`HostMountError`], which names the path.
    pub fn mount(
        path: &Path,
        options: impl Into<HostMountOptions>,
    ) -> Result<Arc<dyn FileSystem>, HostMountError> {
        let options = options.into();
        let failed = |source| HostMountError::Open {
            path: path.to_owned(),
            source,
        };
        let canonical = path.canonicalize().map_err(failed)?;
        if !options.allow_unsafe {
            refuse_unsafe(path, &canonical, options.access)?;
        }
        let metadata = canonical.metadata().map_err(failed)?;
        let (directory, file) = if metadata.is_dir() {
            (canonical.as_path(), None)
        } else if metadata.is_file() {
            let name = canonical.file_name().map(PathBuf::from);
            (canonical.parent().unwrap_or(Path::new("/")), name)
        } else {
            return Err(HostMountError::Special {
                path: path.to_owned(),
            });
        };
        let directory = Dir::open_ambient_dir(directory, ambient_authority()).map_err(failed)?;
        let opened = Arc::new(Self::new(directory, file, options.protected));
        Ok(match options.access {
            HostAccess::ReadOnly => Arc::new(ReadOnly::new(opened)),
            HostAccess::ReadWrite => opened,
        })
    }
}

fn refuse_unsafe(path: &Path, canonical: &Path, access: HostAccess) -> Result<(), HostMountError> {
    let path = path.to_owned();
    if let Some(shown) = unsafe_mounts::kernel_files(canonical) {
        return Err(HostMountError::Kernel { path, shown });
    }
    match unsafe_mounts::cache(canonical) {
        Some(shown) if access == HostAccess::ReadWrite => {
            Err(HostMountError::Cache { path, shown })
        }
        _ => Ok(()),
    }
}
