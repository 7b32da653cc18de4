//! One file of the archive.

use anyhow::{Context, Result};
use std::{fs, path::Path};

/// One file of the archive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    /// Below the archive's one directory.
    pub(crate) path: String,
    /// What is in it.
    pub(crate) bytes: Vec<u8>,
    /// Whether it can be run.
    pub(crate) is_program: bool,
}

impl Entry {
    /// A file to read.
    pub(crate) fn file(path: String, bytes: Vec<u8>) -> Self {
        Self {
            path,
            bytes,
            is_program: false,
        }
    }

    /// A file to run.
    pub(crate) fn program(path: String, bytes: Vec<u8>) -> Self {
        Self {
            is_program: true,
            ..Self::file(path, bytes)
        }
    }
}

/// All files below a directory, to be put below `place`.
pub(crate) fn below(directory: &Path, place: &str) -> Result<Vec<Entry>> {
    let context = || format!("cannot read {}", directory.display());
    let mut entries = Vec::new();
    for file in fs::read_dir(directory).with_context(context)? {
        let path = file.with_context(context)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let place = format!("{place}/{name}");
        if path.is_dir() {
            entries.extend(below(&path, &place)?);
        } else {
            entries.push(Entry::file(place, fs::read(&path).with_context(context)?));
        }
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_taken_with_all_below_it() {
        let directory = tempfile::tempdir().expect("a directory is made");
        fs::create_dir(directory.path().join("zstd")).expect("another is made");
        fs::write(directory.path().join("zstd/LICENSE"), "BSD").expect("it is written");
        fs::write(directory.path().join("README"), "").expect("it is written");
        let mut entries = below(directory.path(), "licenses").expect("it is read");
        entries.sort();
        let paths: Vec<_> = entries.iter().map(|entry| entry.path.as_str()).collect();
        assert_eq!(paths, ["licenses/README", "licenses/zstd/LICENSE"]);
    }
}
