//! Turns source distributions into wheels (PEP 517), by running their build backends
//! in the sandbox: nothing of a stranger's code runs with the user's rights.
//!
//! A build sees its sources, the packages that it requires, and an empty directory for the wheel. It
//! has no network, no other file of the host, no program beside it, a fixed clock and fixed random
//! data, so that the same sources give the same wheel. Its memory, files and time are bounded.
//!
//! There is no compiler in the sandbox. Packages whose extension modules are optional find none, as
//! on a machine without a compiler, and make a pure wheel; of the packages that the user names, all
//! extension modules are left out.
//!
//! This crate must not know where source distributions and build requirements come from, or what
//! becomes of wheels; a wheel that was built goes through [`eryx_wheel::unpack`] as any other.
//!
//! ```no_run
//! use eryx_base::Digest;
//! use eryx_cache::Cache;
//! use eryx_sdist::{Builder, SourceArchive};
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

mod archive;
mod archive_problem;
mod builder;
mod diagnose;
mod error;
mod gzip;
mod hook;
mod image;
mod limits;
mod links;
mod metadata;
mod model;
mod nesting;
mod project;
mod requirements;
mod sandbox;
mod tar;
mod task;
#[cfg(test)]
mod tests;
mod tree;
mod wheel;

pub use archive::read;
pub use archive_problem::ArchiveProblem;
pub use builder::{Builder, TIME_LIMIT};
pub use error::{SourceError, SourceProblem};
pub use limits::{MAX_ARCHIVE_SIZE, MAX_SOURCE_SIZE};
pub use model::{BuiltWheel, Requirements, SourceArchive};
pub use tree::SourceTree;
