//! Wheels: from files to the packages of a sandbox.
//!
//! | module | does |
//! | --- | --- |
//! | [`unpack`] | wheels → [`SiteTree`], in memory, hostile until shown to be well-formed |
//! | [`strip`] | leaves files out of the site tree |
//! | [`requires`] | checks what packages require of each other |
//! | [`native`] | finds the native libraries of the site tree |
//! | [`site_tree`], [`package`], [`record`], [`note`], [`site_packages`] | what the others have in common |
//!
//! Start with [`unpack::unpack`]. This crate does not know where wheels come from, what a manifest
//! is, or how libraries are linked.

pub mod native;
pub mod note;
pub mod package;
pub mod record;
pub mod requires;
pub mod site_packages;
pub mod site_tree;
pub mod strip;
pub mod unpack;

pub use note::Note;
pub use package::PackageMetadata;
pub use site_packages::SITE_PACKAGES;
pub use site_tree::{LeftOut, SiteFile, SiteTree};
