//! What a build backend is asked to do, and how it fails.

use std::time::Duration;

use serde::Deserialize;

use super::project::BuildSystem;
use super::tree::SourceTree;

/// What is built, and how.
pub(super) struct Task<'a> {
    /// The package, normalised.
    pub package: &'a str,
    pub source: &'a SourceTree,
    pub system: &'a BuildSystem,
    pub without_native: bool,
    pub limit: Duration,
}

/// What the driver says of an exception.
#[derive(Deserialize)]
pub(super) struct Failure {
    /// The exception alone; its first line is mostly enough.
    pub message: String,
    /// Its traceback.
    pub traceback: String,
}
