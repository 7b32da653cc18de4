//! The toolchain of eryx: bakes Python packages into one self-contained sandbox image.
//!
//! Start with [`bake::bake`], which reads as the way of the data does, a stage a line:
//!
//! ```text
//! manifest → resolve → fetch → build → unpack → link → fuse → preinit → bytecode → fold → compile → pack
//! ```
//!
//! What a stage does is in a crate below `crates/`; those that need the whole, such as [`compile`] and
//! [`pack`], are here. [`progress`] is told what happens, and [`cli`] is what the binary `eryx-build`
//! is made of.

pub mod bake;
pub mod cli;
pub mod compile;
pub mod interface;
pub mod pack;
pub mod progress;
pub mod templates;
pub mod tree;

// The parts by the names of their stages.
pub use eryx_cache as cache;
pub use eryx_interpreter::bytecode;
pub use eryx_manifest as manifest;
pub use eryx_packaging::{environment, requirement};
pub use eryx_resolve::{fetch, installer, resolve};
pub use eryx_sbom as sbom;
pub use eryx_sdist as source;
pub use eryx_sdk as sdk;
pub use eryx_wasm::{fold, fuse, link};
pub use eryx_wheel::{native, package, requires, site_packages, site_tree, strip, unpack};
