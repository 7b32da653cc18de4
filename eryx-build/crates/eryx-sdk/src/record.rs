//! What an installed SDK is made of.

use serde::{Deserialize, Serialize};

/// The layout of the directory; another layout takes another directory.
pub(super) const LAYOUT: u32 = 3;

/// The version of Python whose headers are wanted, and the directory that they are in.
pub(super) const PYTHON: &str = "python3.14";

/// The file that describes the sandbox's Python for PyO3.
pub(super) const PYO3_CONFIGURATION: &str = "pyo3.cfg";

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
