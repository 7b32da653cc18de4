//! Why packages cannot be fetched.

use std::io;

use crate::installer::InstallerError;
use eryx_cache::CacheError;

/// Why packages cannot be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// pip cannot be run.
    #[error(transparent)]
    Installer(#[from] InstallerError),
    /// A file is not in the cache, and must not be downloaded.
    #[error(
        "{file} of `{package}` is not in the cache, and `--offline` forbids to download it: build \
         without `--offline` once"
    )]
    Offline {
        /// The package and version.
        package: String,
        /// The file.
        file: String,
    },
    /// A local file is not what the lock says.
    #[error(
        "the file {file} of `{package}` is not the one that the lock names (its sha256 differs): \
         run `eryx lock` if the change is right"
    )]
    Changed {
        /// The package and version.
        package: String,
        /// The file.
        file: String,
    },
    /// A local file cannot be read.
    #[error("cannot read the file {file} of `{package}`")]
    Read {
        /// The package and version.
        package: String,
        /// The file.
        file: String,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// What is downloaded is not what the lock says.
    #[error(
        "what the index has for `{package}` is not the file that the lock names (its sha256 \
         differs): the index is not the one the lock was made with, or the file was replaced; \
         installer says:\n{output}"
    )]
    Mismatch {
        /// The package and version.
        package: String,
        /// The last lines of the installer's standard error.
        output: String,
    },
    /// The index could not be reached.
    #[error(
        "`{installer}` could not reach the package index: check the network, proxy and index \
         settings; its last lines were:\n{output}"
    )]
    Network {
        /// The installer's command.
        installer: String,
        /// The last lines of its standard error.
        output: String,
    },
    /// The installer failed in some other way.
    #[error("`{installer}` could not download {packages}; its last lines were:\n{output}")]
    Failed {
        /// The installer's command.
        installer: String,
        /// What it was asked for.
        packages: String,
        /// The last lines of its standard error.
        output: String,
    },
    /// The installer succeeded without bringing what it was asked for.
    #[error(
        "the package installer did not bring {file} of `{package}`: the index may have replaced it; \
         run `eryx lock --upgrade {package}`"
    )]
    NotDownloaded {
        /// The package.
        package: String,
        /// The file.
        file: String,
    },
    /// A temporary file cannot be written, or the directory of fresh downloads cannot be read.
    #[error("cannot use the directory of fresh downloads")]
    Directory {
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The cache cannot be used.
    #[error(transparent)]
    Cache(#[from] CacheError),
}
