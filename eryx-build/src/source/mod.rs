//! The room that turns source distributions into wheels (PEP 517), by running their build backends
//! in the sandbox: nothing of a stranger's code runs with the user's rights.
//!
//! A build sees its sources, the packages that it requires, and an empty folder for the wheel. It
//! has no network, no other file of the host, no program beside it, a fixed clock and fixed random
//! data, so that the same sources give the same wheel. Its memory, files and time are bounded.
//!
//! There is no compiler in the sandbox. Packages whose extension modules are optional find none, as
//! on a machine without a compiler, and make a pure wheel; of the packages that the user names, all
//! extension modules are left out.
//!
//! This room must not know where source distributions and build requirements come from, or what
//! becomes of wheels; a wheel that was built goes through [`crate::unpack`] as any other.
//!
//! ```no_run
//! use eryx_base::Digest;
//! use eryx_build::cache::Cache;
//! use eryx_build::source::{Builder, SourceArchive};
//!
//! let runtime = eryx_runtime::Distribution::embedded()?;
//! let cache = Cache::open()?;
//! // This build requires no package: its backend is in the distribution itself.
//! let builder = Builder::new(&runtime, &cache, &|_| Ok(Vec::new()));
//! let wheel = builder.wheel(
//!     &SourceArchive {
//!         name: "sample".into(),
//!         version: Some("1.0".into()),
//!         path: "sample-1.0.tar.gz".into(),
//!         file_name: "sample-1.0.tar.gz".into(),
//!         sha256: Digest::of(&std::fs::read("sample-1.0.tar.gz")?),
//!     },
//!     &|line| eprintln!("{line}"),
//! )?;
//! println!("{} is {}", wheel.file_name, wheel.path.display());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::path::PathBuf;

use crate::fetch::Distribution;
use eryx_base::Digest;

mod archive;
mod builder;
mod diagnose;
mod error;
mod gzip;
mod hook;
mod image;
mod links;
mod metadata;
mod nesting;
mod project;
mod requirements;
mod sandbox;
mod tar;
#[cfg(test)]
mod tests;
mod wheel;

pub use archive::{ArchiveProblem, MAX_ARCHIVE_SIZE, MAX_SOURCE_SIZE, SourceTree, read};
pub use builder::{Builder, TIME_LIMIT};
pub use error::{SourceError, SourceProblem};

/// A source distribution on this machine whose hash is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceArchive {
    /// The package name.
    pub name: String,
    /// The version (PEP 440), when it is known before the build.
    pub version: Option<String>,
    /// Where the file is. A file of the cache does not have the name of a source distribution.
    pub path: PathBuf,
    /// The file name, which ends in `.tar.gz`, `.tgz` or `.zip`.
    pub file_name: String,
    /// The hash of the file.
    pub sha256: Digest,
}

/// A wheel that was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltWheel {
    /// Where it is in the cache, under a name that is not that of a wheel.
    pub path: PathBuf,
    /// Its file name, with its tags.
    pub file_name: String,
    /// The hash of the file.
    pub sha256: Digest,
}

/// Turns build requirements into wheels, with all that they require in turn. They are in canonical
/// form (PEP 508), hold in the sandbox and name no addresses. It may build source distributions
/// itself, on the thread that called it.
pub type Requirements<'a> = dyn Fn(&[String]) -> Result<Vec<Distribution>, Box<dyn std::error::Error + Send + Sync>>
    + Sync
    + 'a;
