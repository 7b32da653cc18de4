//! Builds Python packages for the sandbox with programs of the machine: Meson, CMake, cargo, make.
//!
//! Their builds are code of strangers that runs with the user's rights, so whoever calls this has asked
//! the user before. They get an environment of their own, the compiler of the SDK, and none of the
//! user's variables but few. What comes out is a wheel like any other, kept by the hash of all that it
//! was made of.
//!
//! | module | does |
//! | --- | --- |
//! | `recipe`, `recipes` | what the builds of some packages and C libraries need to be told |
//! | `project`, `python`, `requirements` | the backend, the Python that runs it, and what it requires |
//! | `place`, `library` | sources of C libraries → static libraries |
//! | `sources`, `cargo`, `environment`, `command`, `steps` | what a build is given, and how it runs |
//! | `plan`, `headers`, `hook`, `wheel` | what is known of a build, and the calls of its backend |
//! | `builder` | all of it together: source distribution → wheel |
//!
//! This crate must not know manifests' other sections, locks or images, and asks nobody for consent.
//!
//! ```no_run
//! use eryx_cache::Cache;
//! use eryx_manifest::PackagesSection;
//! use eryx_native::{NativeBuilder, Recipes};
//! # fn built(sdk: &eryx_sdk::Sdk, archive: &eryx_sdist::SourceArchive) -> Result<(), Box<dyn std::error::Error>> {
//! let builder = NativeBuilder {
//!     sdk,
//!     cache: &Cache::open()?,
//!     packages: &PackagesSection::default(),
//!     recipes: &Recipes::load(None)?,
//!     offline: false,
//!     upgrade: false,
//! };
//! let wheel = builder.wheel(archive, &[], &|line| eprintln!("{line}"))?;
//! println!("{}", wheel.file_name);
//! # Ok(()) }
//! ```

mod builder;
mod cargo;
mod command;
mod environment;
mod error;
mod headers;
mod hook;
mod library;
mod place;
mod plan;
mod project;
mod python;
mod recipe;
mod recipes;
mod requirements;
mod sources;
mod steps;
mod wheel;

pub use builder::NativeBuilder;
pub use error::NativeBuildError;
pub use recipe::{Check, Exceptions, LibraryRecipe, PackageRecipe, Patch, Place, Proved, Recipe};
pub use recipes::Recipes;
