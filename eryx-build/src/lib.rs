//! The toolchain of eryx: bakes Python packages into one self-contained sandbox image.
//!
//! The way of the data, a room a stage, each with one public function:
//!
//! ```text
//! manifest → resolve → fetch → unpack → link → fuse → preinit → fold → compile → bytecode → pack
//! ```
//!
//! [`bake`] calls them in this order and reports to [`progress`]; [`cli`] is what the binary
//! `eryx-build` is made of.

pub mod bake;
pub mod cli;
pub mod compile;
pub mod interface;
pub mod pack;
pub mod progress;
pub mod templates;
pub mod tree;

pub use eryx_cache as cache;
pub use eryx_debian as debian;
pub use eryx_interpreter::bytecode;
pub use eryx_manifest as manifest;
pub use eryx_packaging::{environment, requirement};
pub use eryx_resolve::{fetch, installer, resolve};
pub use eryx_sbom as sbom;
pub use eryx_sdist as source;
pub use eryx_sdk as sdk;
pub use eryx_wasm::{fold, fuse, link};
pub use eryx_wheel::{native, package, requires, site_packages, site_tree, strip, unpack};
