//! Why pip could not be run.

use std::io;

use eryx_base::variables::PYTHON;

/// Why pip could not be run at all.
#[derive(Debug, thiserror::Error)]
pub enum InstallerError {
    /// No Python with pip is on this machine, and no uv.
    #[error(
        "no package installer was found to resolve and download with (tried {tried}): install pip \
         or uv, or name a Python that has pip in {python}", python = PYTHON.name)]
    NotFound {
        /// The commands that were tried.
        tried: String,
    },
    /// It cannot be started.
    #[error(
        "cannot run the package installer `{command}`; {python} can name another Python", python = PYTHON.name)]
    Start {
        /// The command.
        command: String,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
}
