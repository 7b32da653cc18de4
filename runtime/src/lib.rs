//! The runtime: CPython for WASI as shared wasm libraries, its standard library, and the eryx guest.
//!
//! A *runtime distribution* is a set of files with a `runtime.toml` that names each of them and its
//! sha256. The feature `embedded` builds one into this crate, compressed, so that the toolchain needs
//! nothing else; another can be read from a directory. This crate knows nothing of images, packages or
//! engines.
//!
//! ```
//! let distribution = eryx_runtime::Distribution::embedded()?;
//! assert_eq!(distribution.python(), "3.14.0");
//! assert!(distribution.libraries().iter().any(|library| library.name == "libpython3.14.so"));
//! # Ok::<(), eryx_runtime::RuntimeError>(())
//! ```

mod distribution;
#[cfg(feature = "embedded")]
mod embedded;
mod error;
#[cfg(feature = "embedded")]
mod export;
mod read;
mod wheel;
pub mod ziglang;

pub use distribution::{Distribution, Library, LicenseText, Override, Part, Retired, Source};
#[cfg(feature = "embedded")]
pub use embedded::EMBEDDED_IDENTITY;
pub use error::RuntimeError;
#[cfg(feature = "embedded")]
pub use export::export;
pub use wheel::WheelError;
