//! What the binaries `eryx` and `eryx-run` are made of: arguments read, work done by the library, and
//! the outcome said in words and an exit status.
//!
//! Nothing here is an interface for other programs; use the rooms of the library.

mod arguments;
mod failure;
pub mod inspect;
mod interrupt;
mod run;
mod toolchain;
pub mod verify;

pub use failure::chain;

use arguments::{Eryx, EryxCommand, EryxRun};
use clap::Parser;
use failure::Failure;
use std::{io::Write, process::ExitCode};

/// The name people type: the loader's own commands, with the toolchain's handed over to `eryx-build`.
pub fn eryx() -> ExitCode {
    let outcome = match Eryx::parse().command {
        EryxCommand::Run(arguments) => run::run(arguments),
        EryxCommand::Inspect { image, json, files } => {
            on_standard_output(|out| inspect::run(&image, json, files, out))
        }
        EryxCommand::Verify { image } => on_standard_output(|out| verify::run(&image, out)),
        EryxCommand::Toolchain(arguments) => toolchain::hand_over(arguments),
    };
    outcome.unwrap_or_else(|failure| failure.report())
}

/// The loader alone, as production hosts have it.
pub fn eryx_run() -> ExitCode {
    run::run(EryxRun::parse().run).unwrap_or_else(|failure| failure.report())
}

/// Writes results to standard output. That nobody reads them is no failure.
fn on_standard_output<E: std::error::Error + 'static>(
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<ExitCode, Failure> {
    match write(&mut std::io::BufWriter::new(std::io::stdout().lock())) {
        Err(error) if !failure::is_broken_pipe(&error) => Err(Failure::from_error(&error)),
        _ => Ok(ExitCode::SUCCESS),
    }
}
