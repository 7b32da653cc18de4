//! Why a manifest cannot be resolved.

use std::io;
use std::path::PathBuf;

use eryx_packaging::WheelNameError;

use super::hashes::HashNotAllowed;
use super::pylock::error::PylockError;
use super::solve::error::SolveError;

/// How many differences a message lists.
const DRIFT_SHOWN: usize = 10;

/// Why a manifest cannot be resolved.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// An entry of `wheels` is a source distribution or some other file.
    #[error(
        "{} in `packages.wheels` is not a wheel: only .whl files are taken, so name a source \
         distribution in `packages.requirements` (`name @ file:…`)", .0.display()
    )]
    NotAWheel(PathBuf),
    /// The file name of a wheel is malformed.
    #[error("the file name of the wheel {} is not valid: {problem}", path.display())]
    FileName {
        /// The wheel.
        path: PathBuf,
        /// What is wrong with its name.
        problem: WheelNameError,
    },
    /// A wheel cannot be read.
    #[error("cannot read the wheel {}", path.display())]
    Read {
        /// The wheel.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// A wheel is for another Python.
    #[error(
        "the wheel {} is for another Python (tags {tags}): the sandbox runs CPython 3.14, so use a \
         wheel tagged py3-none-any, abi3 or cp314", path.display()
    )]
    OtherPython {
        /// The wheel.
        path: PathBuf,
        /// Its tags.
        tags: String,
    },
    /// A wheel is for another platform.
    #[error(
        "the wheel {} is built for {platform} (tags {tags}) and cannot run in the sandbox: use a \
         wheel for any platform or for WASI, or, if `{name}` works without its native libraries, \
         add it to `packages.without-native`", path.display()
    )]
    OtherPlatform {
        /// The wheel.
        path: PathBuf,
        /// The package.
        name: String,
        /// Its tags.
        tags: String,
        /// The platform in words.
        platform: String,
    },
    /// Two wheels of the host are for one package.
    #[error("`{name}` is there twice, as {} and as {}: keep one of them", first.display(), second.display())]
    Duplicate {
        /// The package.
        name: String,
        /// The first wheel.
        first: PathBuf,
        /// The second wheel.
        second: PathBuf,
    },
    /// A file is none of those that a hash behind a requirement allows.
    #[error(transparent)]
    Hash(#[from] HashNotAllowed),
    /// There is no lock, and one is demanded.
    #[error("there is no lock {}: run `eryx lock`, or build without `--locked`", .0.display())]
    NoLock(PathBuf),
    /// The lock does not say what the manifest asks for.
    #[error(
        "the lock {} is not what the manifest asks for: {}; run `eryx lock`, or build without \
         `--locked`", path.display(), list(drift)
    )]
    Drifted {
        /// The lock.
        path: PathBuf,
        /// The differences, a phrase each; empty when an upgrade was asked for.
        drift: Vec<String>,
    },
    /// The lock is another tool's.
    #[error(
        "the lock {} was made by `{tool}`, and is not overwritten: remove it to have eryx make one, \
         or let `{tool}` update it", path.display()
    )]
    ForeignLock {
        /// The lock.
        path: PathBuf,
        /// The other tool.
        tool: String,
    },
    /// The lock of another tool does not have what is asked for.
    #[error(
        "the lock {} was made by `{tool}`, and does not have what the manifest asks for: {}; let \
         `{tool}` update it, or remove it to have eryx make one", path.display(), list(lacks)
    )]
    Lacks {
        /// The lock.
        path: PathBuf,
        /// The other tool.
        tool: String,
        /// What is not there, a phrase each.
        lacks: Vec<String>,
    },
    /// A package to be upgraded is not in the lock.
    #[error("`{0}` is not in the lock, so it cannot be upgraded: check its name")]
    NotLocked(String),
    /// Something has to be resolved, and the index must not be asked.
    #[error(
        "the lock {} has to be made or updated, which needs a package index: run `eryx build` \
         without `--offline` once", .0.display()
    )]
    Offline(PathBuf),
    /// The lock cannot be read.
    #[error("cannot read the lock {}", path.display())]
    ReadLock {
        /// The lock.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The lock is larger than any lock.
    #[error("the lock {} is larger than 16 MiB, which no lock is", .0.display())]
    LockTooLarge(PathBuf),
    /// The lock cannot be written.
    #[error("cannot write the lock {}", path.display())]
    WriteLock {
        /// The lock.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The lock cannot be understood.
    #[error("the lock {} {problem}", path.display())]
    Lock {
        /// The lock.
        path: PathBuf,
        /// What is wrong with it.
        problem: PylockError,
    },
    /// Several wheels cannot be used, each for itself.
    #[error("{} wheels cannot be used:{}", .0.len(), lines(.0))]
    Several(Vec<Self>),
    /// The requirements have no solution.
    #[error(transparent)]
    Solve(#[from] SolveError),
}

impl ResolveError {
    /// No error, one, or one of several.
    pub(super) fn all(mut errors: Vec<Self>) -> Result<(), Self> {
        match errors.len() {
            0 => Ok(()),
            1 => Err(errors.swap_remove(0)),
            _ => Err(Self::Several(errors)),
        }
    }
}

fn lines(errors: &[ResolveError]) -> String {
    let lines = errors.iter().map(|error| format!("\n  {error}"));
    lines.collect()
}

fn list(drift: &[String]) -> String {
    if drift.is_empty() {
        return "an upgrade is asked for".to_owned();
    }
    let shown = drift.iter().take(DRIFT_SHOWN).map(String::as_str);
    let mut text = shown.collect::<Vec<_>>().join(", ");
    if let Some(more) = drift
        .len()
        .checked_sub(DRIFT_SHOWN)
        .filter(|more| *more > 0)
    {
        text.push_str(&format!(", and {more} more"));
    }
    text
}
