//! The toolchain of eryx images.

pub mod manifest;
