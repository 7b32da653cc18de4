//! Writing the built-in distribution into a folder, for whoever wants to look at it or change it.

use crate::{RuntimeError, embedded::EMBEDDED, read::unpack};
use std::{
    fs, io,
    path::{Path, PathBuf},
    process,
};

/// Writes the built-in distribution into a new folder, which [`Distribution::from_folder`] reads.
///
/// It is written beside the folder and renamed, so that there is a whole distribution or none.
///
/// # Errors
/// When there is something at that path already, other than an empty folder, or it cannot be written.
///
/// [`Distribution::from_folder`]: crate::Distribution::from_folder
pub fn export(folder: &Path) -> Result<(), RuntimeError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| RuntimeError::Write { path, source }
    };
    let is_free = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    if !is_free {
        return Err(RuntimeError::Exists(folder.to_owned()));
    }
    let folder = std::path::absolute(folder).map_err(failed(folder))?;
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(format!(".partial-{}", process::id()));
    let staging = folder.with_file_name(name);
    let written = write(&staging).and_then(|()| {
        // Renaming puts a folder in the place of an empty one, but not everywhere.
        let _ = fs::remove_dir(&folder);
        fs::rename(&staging, &folder).map_err(failed(&folder))
    });
    if written.is_err() {
        let _ = fs::remove_dir_all(&staging);
    }
    written
}

fn write(folder: &Path) -> Result<(), RuntimeError> {
    let files = unpack(zstd::decode_all(EMBEDDED).map_err(RuntimeError::Stdlib)?)
        .map_err(RuntimeError::Stdlib)?;
    for (name, bytes) in files {
        let path: PathBuf = folder.join(name);
        let written = fs::create_dir_all(path.parent().unwrap_or(folder))
            .and_then(|()| fs::write(&path, bytes));
        written.map_err(|source| RuntimeError::Write { path, source })?;
    }
    Ok(())
}
