//! The SDK: what compiles the native part of a Python package for the sandbox.
//!
//! [`install`] puts it together once for a user: Python's headers with the configuration of the
//! runtime, the runtime's libraries to link with, the compiler and its own runtime library. [`Sdk`] is
//! one that is there; [`driver`] compiles and links with it as a C compiler does; [`environment`] makes
//! build backends use the driver; [`retag`] gives a wheel the tags of the sandbox.
//!
//! This room must not know manifests, locks or images: what it makes is a wheel like any other.
//!
//! ```no_run
//! use eryx_build::sdk::{Sdk, driver};
//!
//! let sdk = Sdk::open(None)?;
//! let arguments = ["-shared", "hello.c", "-o", "hello.so"].map(Into::into);
//! let status = driver::run(&sdk, driver::Program::C, &arguments)?;
//! assert_eq!(status, 0);
//! # Ok::<(), eryx_build::sdk::SdkError>(())
//! ```

mod build_systems;
mod compiler;
pub mod driver;
pub mod environment;
mod error;
mod folder;
mod headers;
mod install;
mod pyconfig;
pub mod retag;
mod runtime;
mod sysconfig;

pub use error::SdkError;
pub use folder::{SDK_VARIABLE, Sdk};
pub use headers::HeaderSource;
pub use install::{InstallOptions, install};

use serde::{Deserialize, Serialize};

/// The layout of the folder; another layout takes another folder.
const LAYOUT: u32 = 2;

/// The version of Python whose headers are wanted, and the folder that they are in.
const PYTHON: &str = "python3.14";

/// What an installed SDK is made of, as `sdk.json` records it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Record {
    /// The version of Python in the runtime.
    pub python: String,
    /// The identity of the runtime.
    pub runtime: String,
    /// The version of Python that the headers are from.
    pub headers: String,
    /// Where the headers came from, in words.
    pub origin: String,
    /// The compiler's program.
    pub compiler: String,
    /// The compiler's version, as it tells it.
    pub compiler_version: String,
}
