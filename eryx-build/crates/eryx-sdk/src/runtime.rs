//! The runtime that an SDK is for: the built-in one, or one in a directory.

use super::{SdkError, record::PYTHON};
use eryx_base::{Digest, regular_file};
use eryx_runtime::{Distribution, RuntimeError};
use std::path::{Path, PathBuf};

/// The runtime that is built into the program, which this crate does not carry.
#[derive(Debug, Clone, Copy)]
pub struct BuiltIn {
    /// Its identity.
    pub identity: &'static str,
    /// Reads all of it.
    pub read: fn() -> Result<Distribution, RuntimeError>,
}

/// A runtime, known by its identity before it is read.
pub(super) struct Runtime {
    /// Its directory, absolute; `None` for the built-in one.
    pub directory: Option<PathBuf>,
    identity: String,
    built_in: BuiltIn,
}

impl Runtime {
    /// The runtime in a directory, or the built-in one.
    pub(crate) fn new(directory: Option<&Path>, built_in: BuiltIn) -> Result<Self, SdkError> {
        let Some(directory) = directory else {
            return Ok(Self {
                directory: None,
                identity: built_in.identity.to_owned(),
                built_in,
            });
        };
        let directory = std::path::absolute(directory).map_err(SdkError::file(directory))?;
        let manifest = directory.join("runtime.toml");
        let (identity, _) = regular_file::open(&manifest)
            .and_then(Digest::of_reader)
            .map_err(SdkError::file(&manifest))?;
        Ok(Self {
            directory: Some(directory),
            identity: identity.to_string(),
            built_in,
        })
    }

    /// The start of its identity, for names of directories.
    pub(crate) fn short_identity(&self) -> &str {
        self.identity.get(..12).unwrap_or(&self.identity)
    }

    /// Reads and checks all of it.
    pub(crate) fn read(&self) -> Result<Distribution, SdkError> {
        let runtime = match &self.directory {
            Some(directory) => Distribution::from_directory(directory)?,
            None => (self.built_in.read)()?,
        };
        let series = PYTHON.trim_start_matches("python");
        let rest = runtime.python().strip_prefix(series);
        match rest.is_some_and(|rest| rest.starts_with('.')) {
            true => Ok(runtime),
            false => Err(SdkError::OtherPython {
                runtime: runtime.name().to_owned(),
                python: runtime.python().to_owned(),
            }),
        }
    }
}
