//! The sections of a manifest, a file each: its keys, what they are read into, and what they mean.

pub(crate) mod build;
pub(crate) mod compile;
pub(crate) mod image;
mod package_names;
pub(crate) mod packages;
pub(crate) mod preinit;
pub(crate) mod python;
pub(crate) mod runtime;
pub(crate) mod strip;
