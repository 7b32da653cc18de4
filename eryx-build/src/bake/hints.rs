//! Why preparing failed, and what the user can do about it.

use super::guest_modules::PATH_FILES;
use eryx_interpreter::PreinitError;
use eryx_wheel::SiteTree;

/// A failure of preinit, with what is known of its cause.
#[derive(Debug, thiserror::Error)]
#[error("{error}{}", origin.as_ref().map(|package| format!(", in the package {package}")).unwrap_or_default())]
pub struct PreinitFailure {
    /// What happened.
    #[source]
    pub error: PreinitError,
    /// The package in which it happened, with its version.
    pub origin: Option<String>,
    /// What the user can do.
    pub help: Option<&'static str>,
}

impl PreinitFailure {
    /// Finds out where an error came from.
    pub(super) fn new(error: PreinitError, site: &SiteTree) -> Self {
        let error = match error {
            // The user never asked for this module.
            PreinitError::Import { module, traceback } if module == PATH_FILES => {
                PreinitError::PathFile { traceback }
            }
            other => other,
        };
        let traceback = error.traceback().unwrap_or_default();
        let origin = traceback.lines().rev().find_map(|line| {
            let path = line
                .trim_start()
                .strip_prefix("File \"/site-packages/")?
                .split('"')
                .next()?;
            let package = site.packages.get(site.files.get(path)?.package)?;
            Some(format!("{} {}", package.name, package.version))
        });
        Self {
            help: help(traceback),
            origin,
            error,
        }
    }
}

/// What to do about a failure, from the last line of its traceback.
fn help(traceback: &str) -> Option<&'static str> {
    let last = traceback
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty())?;
    let says = |words: &[&str]| words.iter().any(|word| last.contains(word));
    let mut frames =
        (traceback.lines().rev()).filter(|line| line.trim_start().starts_with("File \""));
    let is_in_subprocess = frames
        .next()
        .is_some_and(|frame| frame.contains("/subprocess.py\""));
    if last.starts_with("ModuleNotFoundError") {
        Some("add the package that has the module to `packages.requirements`, or remove the import")
    } else if says(&["does not support processes", "start new thread"])
        || (is_in_subprocess && last.starts_with("FileNotFoundError"))
    {
        Some(
            "the module starts a process or thread when it is imported, which no sandbox can: \
             import it at run time, inside the function that needs it, or leave it out",
        )
    } else if says(&[
        "socket",
        "URLError",
        "gaierror",
        "Non-recoverable error",
        "ConnectionError",
        "ConnectionPool",
        "Name does not resolve",
        "ConnectionRefused",
        "Temporary failure",
    ]) {
        Some(
            "the module uses the network when it is imported, and there is none at bake time: \
             leave it out of `preinit.imports` and import it at run time",
        )
    } else if last.starts_with("FileNotFoundError")
        || last.starts_with("PermissionError")
        || says(&["Read-only file system"])
    {
        Some(
            "the module needs a file of the host when it is imported, and a bake sees none: \
             put the file into the image with `image.files`, or import the module at run time",
        )
    } else {
        None
    }
}
