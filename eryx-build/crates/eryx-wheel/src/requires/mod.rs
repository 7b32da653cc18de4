//! Holds what packages require against what is there, as `pip check` does, so that a
//! missing package is found at bake time and not by an import at run time.
//!
//! Markers are evaluated in the sandbox's environment, whatever machine bakes. What a package
//! states and cannot be read is noted and passed over, as installers do with the requirements of
//! old packages.
//!
//! This module must not know where packages come from, nor what is in their files.
//!
//! ```
//! use eryx_wheel::requires::{self, Wanted};
//!
//! let graph = requires::check(&[], &Wanted::default(), "3.14.0")?;
//! assert!(graph.packages.is_empty());
//! # Ok::<(), requires::RequiresError>(())
//! ```

use crate::package::PackageMetadata;

mod declared;
mod error;
mod examine;
mod graph;
#[cfg(test)]
mod tests;

pub use error::{Note, Problem, RequiresError};
pub use graph::{Asked, Graph, Node, Wanted};

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
