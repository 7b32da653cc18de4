//! The original sources of Debian's source packages, without Debian's changes.

use crate::{
    DebianError,
    apt::{Apt, mirrors},
    error::unusable,
    is_name,
    types::{Request, SourceRequest},
};
use std::{fs, path::PathBuf};

/// Fetches the archive of a package's original sources, verified by apt, and gives its path below the
/// directory of the request.
///
/// # Errors
/// When there is no apt, when no suite has the package in this version, or when the directory cannot
/// be written.
pub fn original_sources(request: &SourceRequest<'_>) -> Result<PathBuf, DebianError> {
    let names = request.suites.iter().chain([&request.package]);
    for name in names {
        if !is_name(name) {
            return Err(DebianError::Name((*name).to_owned()));
        }
    }
    let directory = std::path::absolute(request.directory).map_err(unusable(request.directory))?;
    fs::create_dir_all(&directory).map_err(unusable(&directory))?;
    let mut problem = DebianError::NoMirror(request.package.to_owned());
    for suite in request.suites {
        let request_of_suite = Request {
            package: request.package,
            suite,
            directory: &directory,
            refresh: true,
        };
        for mirror in mirrors(&request_of_suite)? {
            let apt = Apt::of_sources(&request_of_suite, &directory, &mirror)?;
            match apt.original(request.version) {
                Ok(archive) => {
                    let name = archive.file_name().unwrap_or_default();
                    let kept = directory.join(name);
                    fs::rename(&archive, &kept).map_err(unusable(&kept))?;
                    return Ok(kept);
                }
                // That a suite has another version tells more than that there is none.
                Err(other @ DebianError::OtherVersion { .. }) => problem = other,
                Err(other) if matches!(problem, DebianError::NoMirror(_)) => problem = other,
                Err(_) => {}
            }
        }
    }
    Err(problem)
}
