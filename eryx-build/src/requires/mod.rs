//! The room that holds what packages require against what is there, as `pip check` does, so that a
//! missing package is found at bake time and not by an import at run time.
//!
//! Markers are evaluated in the sandbox's environment, whatever machine bakes. What a package
//! states and can not be read is noted and passed over, as installers do with the requirements of
//! old packages.
//!
//! This room must not know where packages come from, nor what is in their files.
//!
//! ```
//! use eryx_build::requires::{self, Wanted};
//!
//! let graph = requires::check(&[], &Wanted::default(), "3.14.0")?;
//! assert!(graph.packages.is_empty());
//! # Ok::<(), requires::RequiresError>(())
//! ```

use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::Requirement;
use crate::unpack::PackageMetadata;

mod error;
mod examine;
mod stated;
#[cfg(test)]
mod tests;

pub use error::{Note, Problem, RequiresError};

/// What the manifest says about which packages are there.
#[derive(Debug, Clone, Default)]
pub struct Wanted<'a> {
    /// The requirements of the manifest.
    pub requirements: &'a [Requirement],
    /// Requirements that stand in the place of what packages require of the same package. One whose
    /// marker does not hold takes the requirement away.
    pub overrides: &'a [Requirement],
    /// The normalised names of the packages that the manifest asks for by their wheels.
    pub local: BTreeSet<String>,
    /// The normalised names of packages that are left out although others require them.
    pub exclude: BTreeSet<String>,
}

/// Which package requires which, among those that are there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    /// Every package by its normalised name.
    pub packages: BTreeMap<String, Node>,
    /// What is no error but worth a word, in the order of the packages.
    pub notes: Vec<Note>,
}

/// One package in a [`Graph`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Node {
    /// Whether the manifest asks for it.
    pub requested: bool,
    /// The normalised names of the packages it requires, of those that are there. It may be among
    /// them itself, through its extras, and packages may require each other in a circle.
    pub requires: BTreeSet<String>,
}

/// Holds what each package requires against what is there. `python` is the version of Python in the
/// runtime, such as `3.14.0`.
///
/// An extra of a package counts when the manifest or another package that is there asks for
/// `name[extra]`.
///
/// # Errors
/// When a package that is required is not there or not in a version that is asked for, or when a
/// package is not for this Python: all of these together.
pub fn check(
    packages: &[PackageMetadata],
    wanted: &Wanted<'_>,
    python: &str,
) -> Result<Graph, RequiresError> {
    examine::examine(packages, wanted, python)
}
