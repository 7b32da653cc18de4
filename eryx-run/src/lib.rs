//! The loader of eryx images.

pub mod image;
pub mod vfs;
