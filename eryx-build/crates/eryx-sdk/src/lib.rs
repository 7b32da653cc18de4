//! The SDK: what compiles the native part of a Python package for the sandbox.
//!
//! [`install`] puts it together once for a user: Python's headers with the configuration of the
//! runtime, the runtime's libraries to link with, the compiler and its own runtime library. [`Sdk`] is
//! one that is there; [`driver`] compiles and links with it as a C compiler does; [`environment`] makes
//! build backends use the driver; [`retag`] gives a wheel the tags of the sandbox.
//!
//! This crate must not know manifests, locks or images: what it makes is a wheel like any other.
//!
//! ```no_run
//! use eryx_sdk::{BuiltIn, Sdk, driver};
//!
//! # fn compiled(built_in: BuiltIn) -> Result<(), eryx_sdk::SdkError> {
//! let sdk = Sdk::open(None, built_in)?;
//! let arguments = ["-shared", "hello.c", "-o", "hello.so"].map(Into::into);
//! let status = driver::run(&sdk, driver::Program::C, &arguments)?;
//! assert_eq!(status, 0);
//! # Ok(()) }
//! ```

mod build_systems;
mod cargo;
mod compiler;
pub mod driver;
pub mod environment;
mod error;
mod headers;
mod install;
mod location;
mod programs;
mod pyconfig;
mod record;
pub mod retag;
mod runtime;
mod sysconfig;

pub use error::SdkError;
pub use headers::HeaderSource;
pub use install::{InstallOptions, install};
pub use location::Sdk;
pub use record::Record;
pub use runtime::BuiltIn;
