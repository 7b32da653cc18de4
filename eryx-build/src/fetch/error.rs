//! Why packages cannot be fetched.

use std::io;

use crate::cache::CacheError;

use super::installer::INSTALLER_VARIABLE;

/// Why packages cannot be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Neither pip nor uv is on this machine.
    #[error(
        "no package installer was found to download wheels with (tried {tried}): install pip or \
         uv, or name one in {INSTALLER_VARIABLE}"
    )]
    NoInstaller {
        /// The commands that were tried.
        tried: String,
    },
    /// The installer cannot be started.
    #[error(
        "cannot run the package installer `{command}`; {INSTALLER_VARIABLE} can name another one"
    )]
    Start {
        /// The command.
        command: String,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The index does not have a package of this name.
    #[error(
        "no package named `{package}` was found: check its name in `packages.requirements` and the \
         index that `{installer}` is configured for"
    )]
    NoPackage {
        /// The package.
        package: String,
        /// The installer's command.
        installer: String,
    },
    /// The index has the package but not this version of it.
    #[error("`{package}` has no version {version}: it has {available}")]
    NoVersion {
        /// The package.
        package: String,
        /// The version that was asked for.
        version: String,
        /// The newest versions there are.
        available: String,
    },
    /// The version exists, but no wheel of it fits the sandbox.
    #[error(
        "`{package}=={version}` has no wheel that fits the sandbox, only wheels for other platforms \
         or its sources: if the package works without its native libraries, add `{package}` to \
         `packages.without-native`; if you have a wheel of it for WASI, name that in \
         `packages.wheels`; otherwise remove it"
    )]
    NoFittingWheel {
        /// The package.
        package: String,
        /// The version.
        version: String,
    },
    /// The version exists and its native libraries may be left out, but there is still no wheel.
    #[error(
        "`{package}=={version}` has no wheel for any platform, WASI or Linux x86_64: build one \
         (`pip wheel {package}=={version}`) and name it in `packages.wheels`"
    )]
    NoWheel {
        /// The package.
        package: String,
        /// The version.
        version: String,
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
    #[error("the package installer brought no wheel of `{package}`: name it in `packages.wheels`")]
    NotDownloaded {
        /// What it was asked for.
        package: String,
    },
    /// A downloaded wheel left the cache before it was used.
    #[error("the wheel of `{package}` left the cache while it was needed: build again")]
    Lost {
        /// The package and version.
        package: String,
    },
    /// The folder of fresh downloads cannot be read.
    #[error("cannot read the folder of fresh downloads")]
    Folder {
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The cache cannot be used.
    #[error(transparent)]
    Cache(#[from] CacheError),
}
