//! What is asked of the resolver, and what comes of it.

use std::collections::BTreeSet;
use std::path::Path;

use eryx_manifest::PackagesSection;

use super::inputs::LockedRuntime;
use super::lock::Lock;

/// What is to be resolved, and how.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// What the manifest asks for.
    pub packages: &'a PackagesSection,
    /// The lock's file; its directory is where relative paths in it start.
    pub lock: &'a Path,
    /// The version of Python in the runtime, `3.14.0`.
    pub python: &'a str,
    /// The runtime itself.
    pub runtime: &'a LockedRuntime,
    /// What may be done.
    pub mode: Mode,
}

/// What resolving may do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mode {
    /// A lock that is missing or that does not say what the manifest asks for is an error.
    pub locked: bool,
    /// Nothing may be asked of an index.
    pub offline: bool,
    /// Whether versions that the lock has are given up.
    pub upgrade: Upgrade,
}

/// Which versions of a lock are given up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Upgrade {
    /// None that the manifest still allows for.
    #[default]
    None,
    /// Those of these packages, by their normalised names.
    Packages(BTreeSet<String>),
    /// All.
    All,
}

/// A lock, and how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// The lock.
    pub lock: Lock,
    /// What became of the file.
    pub change: Change,
    /// What is probably not as the user wants it, a sentence each. A lock that is kept has none:
    /// they were given when it was made.
    pub warnings: Vec<String>,
}

/// What became of the lock's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The manifest asks for no packages, so there is none.
    Nothing,
    /// It says what the manifest asks for.
    Kept,
    /// It was made by another tool, which is named here, and is used as it is.
    Foreign(String),
    /// There was none.
    Written,
    /// It was written anew.
    Updated {
        /// In what the manifest and the lock differed.
        drift: Vec<String>,
        /// What changed in the lock, a phrase a package.
        packages: Vec<String>,
    },
}
