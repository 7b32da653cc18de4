//! Who helps the resolver, and its temporary files.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use eryx_cache::Cache;

use super::error::SolveError;
use crate::installer::Answering;

/// Who helps the resolver.
#[derive(Clone, Copy)]
pub struct Helpers<'a> {
    /// Where downloads are kept.
    pub cache: &'a Cache,
    /// Says what a source distribution requires.
    pub metadata: &'a Answering<'a>,
    /// Is told what is happening, one short line at a time.
    pub report: &'a (dyn Fn(&str) + Sync),
}

/// A file of the cache's temporary directory with some text in it.
pub(super) fn temporary_text(
    directory: &Path,
    name: &str,
    text: &str,
) -> Result<PathBuf, SolveError> {
    let path = directory.join(name);
    File::create(&path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|source| SolveError::Temporary {
            path: path.clone(),
            source,
        })?;
    Ok(path)
}
