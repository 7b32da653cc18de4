//! The toolchain of eryx images.

pub mod manifest;
pub mod printable;
pub mod progress;
