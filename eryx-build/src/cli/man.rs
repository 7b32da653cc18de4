//! `eryx man`.

use super::report;
use clap::{Args, Command};
use std::{fs, path::PathBuf, process::ExitCode};

/// Where the pages are written.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  eryx man ~/.local/share/man/man1 && man eryx-run")]
pub(super) struct Options {
    /// The directory, which is made if it is not there
    directory: PathBuf,
}

/// Writes a manual page for `eryx` and one for each of its commands.
pub(super) fn run(options: &Options, whole: Command) -> ExitCode {
    let directory = &options.directory;
    let written =
        fs::create_dir_all(directory).and_then(|()| clap_mangen::generate_to(whole, directory));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let directory = directory.display();
            report::say(&format!(
                "error: cannot write the manual pages to {directory}: {error}"
            ));
            ExitCode::FAILURE
        }
    }
}
