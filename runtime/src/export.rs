//! Writing the built-in distribution into a directory, for whoever wants to look at it or change it.

use crate::{RuntimeError, embedded::EMBEDDED, read::unpack};
use std::{
    fs, io,
    path::{Path, PathBuf},
    process,
};

/// Writes the built-in distribution into a new directory, which [`Distribution::from_directory`] reads.
///
/// It is written beside the directory and renamed, so that there is a whole distribution or none.
///
/// # Errors
/// When there is something at that path already, other than an empty directory, or it cannot be written.
///
/// [`Distribution::from_directory`]: crate::Distribution::from_directory
pub fn export(directory: &Path) -> Result<(), RuntimeError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| RuntimeError::Write { path, source }
    };
    let is_free = match fs::read_dir(directory) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    if !is_free {
        return Err(RuntimeError::Exists(directory.to_owned()));
    }
    let directory = std::path::absolute(directory).map_err(failed(directory))?;
    let mut name = directory.file_name().unwrap_or_default().to_owned();
    name.push(format!(".partial-{}", process::id()));
    let staging = directory.with_file_name(name);
    let written = write(&staging).and_then(|()| {
        // Renaming puts a directory in the place of an empty one, but not everywhere.
        let _ = fs::remove_dir(&directory);
        fs::rename(&staging, &directory).map_err(failed(&directory))
    });
    if written.is_err() {
        let _ = fs::remove_dir_all(&staging);
    }
    written
}

fn write(directory: &Path) -> Result<(), RuntimeError> {
    let files = unpack(zstd::decode_all(EMBEDDED).map_err(RuntimeError::Stdlib)?)
        .map_err(RuntimeError::Stdlib)?;
    for (name, bytes) in files {
        let path: PathBuf = directory.join(name);
        let written = fs::create_dir_all(path.parent().unwrap_or(directory))
            .and_then(|()| fs::write(&path, bytes));
        written.map_err(|source| RuntimeError::Write { path, source })?;
    }
    Ok(())
}
