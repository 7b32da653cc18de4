//! Why pip could not be run.

use std::io;

use eryx_base::variables::PYTHON;

/// A command that was tried, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The command, and what names it.
    pub command: String,
    /// Why it does not do, in one line that is safe to show.
    pub problem: String,
}

fn lines(tried: &[Attempt]) -> String {
    let lines = tried.iter();
    let lines = lines.map(|one| format!("\n  `{}`: {}", one.command, one.problem));
    lines.collect()
}

/// Why pip could not be run at all.
#[derive(Debug, thiserror::Error)]
pub enum InstallerError {
    /// No Python with pip is on this machine, and no uv, or none of them works.
    #[error(
        "no package installer works, to resolve and download with:{}\ninstall pip or uv, repair \
         one of these, or name a Python that has pip in {python}",
        lines(tried), python = PYTHON.name
    )]
    NotFound {
        /// The commands that were tried.
        tried: Vec<Attempt>,
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
