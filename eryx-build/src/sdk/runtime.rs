//! The runtime that an SDK is for: the built-in one, or one in a folder.

use super::{PYTHON, SdkError};
use eryx_base::Digest;
use eryx_runtime::{Distribution, EMBEDDED_IDENTITY};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A runtime, known by its identity before it is read.
pub(super) struct Runtime {
    /// Its folder, absolute; `None` for the built-in one.
    pub folder: Option<PathBuf>,
    identity: String,
}

impl Runtime {
    /// The runtime in a folder, or the built-in one.
    pub fn new(folder: Option<&Path>) -> Result<Runtime, SdkError> {
        let Some(folder) = folder else {
            return Ok(Runtime {
                folder: None,
                identity: EMBEDDED_IDENTITY.to_owned(),
            });
        };
        let folder = std::path::absolute(folder).map_err(SdkError::file(folder))?;
        let manifest = folder.join("runtime.toml");
        let bytes = fs::read(&manifest).map_err(SdkError::file(&manifest))?;
        Ok(Runtime {
            folder: Some(folder),
            identity: Digest::of(&bytes).to_string(),
        })
    }

    /// The start of its identity, for names of folders.
    pub fn short_identity(&self) -> &str {
        self.identity.get(..12).unwrap_or(&self.identity)
    }

    /// Reads and checks all of it.
    pub fn read(&self) -> Result<Distribution, SdkError> {
        let runtime = match &self.folder {
            Some(folder) => Distribution::from_folder(folder)?,
            None => Distribution::embedded()?,
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
