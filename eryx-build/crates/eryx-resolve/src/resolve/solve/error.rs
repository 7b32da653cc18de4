//! Why requirements cannot be resolved.

use std::io;
use std::path::PathBuf;

use eryx_base::escape::escape_short;
use eryx_base::variables::{PYTHON, RESOLVER};
use eryx_cache::CacheError;

use crate::installer::error::InstallerError;
use crate::resolve::pylock::error::PylockError;

/// How many characters of a requirement are shown.
const SHOWN: usize = 240;

/// Why requirements cannot be resolved.
#[derive(Debug, thiserror::Error)]
pub enum SolveError {
    /// The environment names a resolver that there is not.
    #[error("{resolver} names the resolver `{0}`: set it to `uv` or `pip`, or not at all", resolver = RESOLVER.name)]
    Unknown(String),
    /// pip or uv cannot be run.
    #[error(transparent)]
    Installer(#[from] InstallerError),
    /// uv cannot be run.
    #[error("cannot run `uv`: install it, or set {resolver} to `pip`", resolver = RESOLVER.name)]
    Uv(#[source] io::Error),
    /// No package of this name is to be had.
    #[error(
        "no package named `{package}` was found{required}: check its name and the index that \
         `{installer}` is configured for"
    )]
    NoPackage {
        /// The package.
        package: String,
        /// Who requires it, as the rest of the sentence.
        required: String,
        /// The installer's command.
        installer: String,
    },
    /// The package is there, but no version of it is one that is asked for.
    #[error("no version of `{package}` satisfies `{requirement}`{required}: there is {available}")]
    NoVersion {
        /// The package.
        package: String,
        /// What was asked for.
        requirement: String,
        /// Who requires it, as the rest of the sentence.
        required: String,
        /// The newest versions there are.
        available: String,
    },
    /// The versions that are asked for exist, but only for other platforms or Pythons.
    #[error(
        "`{requirement}`{required} has neither a wheel that fits the sandbox (CPython 3.14, WASI) \
         nor a source distribution, only wheels for other platforms or Pythons: if it works without \
         its native libraries, add `{package}` to `packages.without-native`; if it is not needed, \
         to `packages.exclude`; if you have a wheel of it for WASI, name that in `packages.wheels`"
    )]
    NothingFits {
        /// The package.
        package: String,
        /// What was asked for.
        requirement: String,
        /// Who requires it, as the rest of the sentence.
        required: String,
    },
    /// A package requires an address, which would be fetched from wherever that package likes.
    #[error(
        "{} requires `{}`{}, and an address is only taken from the manifest itself: name it in \
         `packages.requirements` (`{package} @ …`), name a version in `packages.overrides`, or, if \
         it is not needed, name `{package}` in `packages.exclude`",
        escape_short(required_by, SHOWN),
        escape_short(requirement, SHOWN),
        escape_short(required, SHOWN)
    )]
    Address {
        /// The package.
        package: String,
        /// What was asked for.
        requirement: String,
        /// Who requires it.
        required_by: String,
        /// Who requires that one in turn, as a part of the sentence.
        required: String,
    },
    /// Several packages stand in the way, each for itself.
    #[error("{} packages stand in the way:{}", .0.len(), lines(.0))]
    Several(Vec<Self>),
    /// The requirements contradict each other.
    #[error(
        "the requirements contradict each other:\n{output}\nloosen one of them, or replace what a \
         package asks for with `packages.overrides`"
    )]
    Conflict {
        /// What the resolver says about it.
        output: String,
    },
    /// What is asked for is not there.
    #[error(
        "what the requirements ask for is not to be had:\n{output}\ncheck names and versions, and \
         the index that `uv` is configured for"
    )]
    NotThere {
        /// What uv says about it.
        output: String,
    },
    /// Some requirements have hashes and others have none.
    #[error(
        "a requirement has a `--hash`, and then pip wants one, and a version with `==`, for every \
         package that is installed; its last lines were:\n{output}\ngive hashes to all of them, or \
         to none: the lock has the hash of every file"
    )]
    HashesForAll {
        /// The last lines of pip's standard error.
        output: String,
    },
    /// A source distribution does not say what it requires.
    #[error(
        "what the source distribution {file} requires is not known{}: {problem}",
        escape_short(required, SHOWN)
    )]
    Metadata {
        /// The archive.
        file: String,
        /// The package, or nothing when its name is not known yet.
        package: String,
        /// Who requires it, as a part of the sentence.
        required: String,
        /// Why.
        problem: String,
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
    /// The resolver failed in some other way.
    #[error("`{installer}` could not resolve the requirements; its last lines were:\n{output}")]
    Failed {
        /// The installer's command.
        installer: String,
        /// The last lines of its standard error.
        output: String,
    },
    /// What the resolver answers is not understood.
    #[error(
        "what `{installer}` answers is not understood ({problem}): use a newer pip (22.2 or later), \
         or name another Python in {python}", python = PYTHON.name)]
    Report {
        /// The installer's command.
        installer: String,
        /// What is wrong.
        problem: String,
    },
    /// The resolver wants a kind of source that no image can be locked to.
    #[error(
        "`{package}` comes from {place}, which cannot be locked: name a wheel or a source \
         distribution (.whl, .tar.gz or .zip) instead of a directory or a repository"
    )]
    Place {
        /// The package.
        package: String,
        /// Where it comes from.
        place: String,
    },
    /// uv's lock is not understood.
    #[error("the lock that uv made {0}; {resolver}=pip does without uv", resolver = RESOLVER.name)]
    Lock(#[from] PylockError),
    /// A temporary file cannot be written.
    #[error("cannot write the temporary file {}", path.display())]
    Temporary {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The cache cannot be used.
    #[error(transparent)]
    Cache(#[from] CacheError),
}

impl SolveError {
    /// The normalised name of the package that stands in the way; nothing when it is not one alone.
    pub(super) fn obstacle(&self) -> Option<&str> {
        match self {
            Self::NoPackage { package, .. }
            | Self::NoVersion { package, .. }
            | Self::NothingFits { package, .. }
            | Self::Address { package, .. }
            | Self::Metadata { package, .. } => {
                Some(package.as_str()).filter(|one| !one.is_empty())
            }
            _ => None,
        }
    }
}

fn lines(errors: &[SolveError]) -> String {
    let lines = errors.iter().map(|error| format!("\n  {error}"));
    lines.collect()
}
