//! Why a Debian package cannot be had.

use std::{
    io,
    path::{Path, PathBuf},
};

/// Why a package cannot be fetched.
#[derive(Debug, thiserror::Error)]
pub enum DebianError {
    /// A name is none that Debian gives.
    #[error("`{}` is no name of a Debian package or suite: they have small letters, digits, `+`, `-` and `.`", .0.escape_debug())]
    Name(String),
    /// There is no apt.
    #[error(
        "`{program}` cannot be started, by which `{package}` is fetched: use a Debian or a system like it"
    )]
    NoApt {
        /// The program.
        program: &'static str,
        /// The package.
        package: String,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The machine has no sources of packages.
    #[error(
        "apt on this machine has no source of packages to fetch `{0}` from: add a Debian mirror to /etc/apt"
    )]
    NoMirror(String),
    /// No mirror of the machine has the suite, or none can be reached.
    #[error(
        "no mirror that apt on this machine knows has a verified index of the suite `{suite}`: check the \
         network, and that /etc/apt names a mirror of Debian; apt says:\n{output}"
    )]
    NoSuite {
        /// The suite.
        suite: String,
        /// The last lines of its standard error.
        output: String,
    },
    /// The suite does not have the package.
    #[error(
        "there is no package `{package}` in the suite `{suite}`: name another suite, such as `sid`"
    )]
    NoPackage {
        /// The package.
        package: String,
        /// The suite.
        suite: String,
    },
    /// A suite has the sources of another version.
    #[error("the suite `{suite}` has `{package}` {found}, and {wanted} is wanted")]
    OtherVersion {
        /// The source package.
        package: String,
        /// The suite.
        suite: String,
        /// The version that is wanted.
        wanted: String,
        /// The version that is there.
        found: String,
    },
    /// The archive did not come, or is not the one of the index.
    #[error("`{package}` {version} cannot be downloaded: try again later; apt says:\n{output}")]
    Download {
        /// The package.
        package: String,
        /// Its version.
        version: String,
        /// The last lines of its standard error.
        output: String,
    },
    /// The archive cannot be unpacked.
    #[error("`{package}` {version} cannot be unpacked: check the disk; dpkg-deb says:\n{output}")]
    Unpack {
        /// The package.
        package: String,
        /// Its version.
        version: String,
        /// The last lines of its standard error.
        output: String,
    },
    /// A file or directory cannot be written or read.
    #[error("cannot use {}, where Debian packages are kept: free or unlock it", path.display())]
    Directory {
        /// The file or directory.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
}

pub(super) fn unusable(path: &Path) -> impl FnOnce(io::Error) -> DebianError {
    |source| DebianError::Directory {
        path: path.to_owned(),
        source,
    }
}
