//! The files of an image: what the interpreter sees, and the manifest's own files.
//!
//! This module reads the manifest's files; it knows nothing of engines.

use crate::manifest::{Entrypoint, FileMapping};
use bytes::Bytes;
use eryx_base::regular_file;
use eryx_image::TreeError;
use eryx_interpreter::files::ImageFiles;
use eryx_runtime::Distribution;
use eryx_wheel::SiteTree;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The most bytes that the manifest's own files may have together.
const MAX_BYTES: u64 = 2 << 30;

/// Why the tree could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// A file of the manifest cannot be read.
    #[error("the file `{}`, which `image.files` names, cannot be read", path.display())]
    Read {
        /// The host's file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What the manifest names is neither a file nor a folder.
    #[error("`{}`, which `image.files` names, is neither a file nor a folder", .0.display())]
    Special(PathBuf),
    /// A symbolic link below a folder of the manifest.
    #[error(
        "`{}`, below a folder that `image.files` names, is a symbolic link, which an image cannot \
         hold: name its target in `image.files`",
        .0.display()
    )]
    Link(PathBuf),
    /// A name that is not UTF-8.
    #[error("`{}`, below a folder that `image.files` names, has a name that is not UTF-8", .0.display())]
    Name(PathBuf),
    /// All of it is too much.
    #[error("the files that `image.files` names have more than 2 GiB together")]
    TooLarge,
    /// Two files at one path, or a path that no tree can hold.
    #[error(transparent)]
    Tree(#[from] TreeError),
}

/// Gathers the standard library and time zones of a runtime, a site tree, and the files that a manifest
/// names.
///
/// # Errors
/// When a file of the manifest cannot be read or taken.
pub fn gather(
    runtime: &Distribution,
    site: &SiteTree,
    mappings: &[FileMapping],
) -> Result<ImageFiles, FilesError> {
    let mut files = ImageFiles::gather(runtime, site)?;
    let mut budget = MAX_BYTES;
    for mapping in mappings {
        add_host(&mut files, &mapping.host, &mapping.sandbox, &mut budget)?;
    }
    Ok(files)
}

/// Whether there is what an entrypoint names: the script, or a file or directory of the module.
#[must_use]
pub fn has(files: &ImageFiles, entrypoint: &Entrypoint) -> bool {
    match entrypoint {
        Entrypoint::Script(path) => files.has_file(path),
        Entrypoint::Function { module, .. } => files.has_module(module),
    }
}

/// Adds a file or a folder of the host.
fn add_host(
    files: &mut ImageFiles,
    host: &Path,
    sandbox: &str,
    budget: &mut u64,
) -> Result<(), FilesError> {
    let failed = |source| FilesError::Read {
        path: host.to_owned(),
        source,
    };
    let kind = fs::metadata(host).map_err(failed)?;
    if kind.is_file() {
        let contents = regular_file::read_at_most(host, *budget).map_err(failed)?;
        let contents = contents.ok_or(FilesError::TooLarge)?;
        *budget = budget.saturating_sub(contents.len() as u64);
        return Ok(files.add(sandbox.to_owned(), Bytes::from(contents))?);
    }
    if !kind.is_dir() {
        return Err(FilesError::Special(host.to_owned()));
    }
    for entry in fs::read_dir(host).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        let Ok(name) = entry.file_name().into_string() else {
            return Err(FilesError::Name(path));
        };
        if entry.file_type().map_err(failed)?.is_symlink() {
            return Err(FilesError::Link(path));
        }
        if name != "__pycache__" {
            add_host(files, &path, &format!("{sandbox}/{name}"), budget)?;
        }
    }
    Ok(())
}
