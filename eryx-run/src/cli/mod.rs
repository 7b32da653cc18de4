//! What the binaries `eryx` and `eryx-run` are made of: arguments read, work done by the library, and
//! the outcome said in words and an exit status.
//!
//! Nothing here is an interface for other programs; use the crate `eryx`.

mod arguments;
mod contents;
pub mod diff;
mod entry_point;
mod failure;
#[cfg(unix)]
mod fault;
pub mod inspect;
mod interrupt;
mod line_editor;
mod message;
mod mount;
mod prompt;
mod quantity;
mod run;
mod terminal;
mod text;
mod toolchain;
pub mod verify;
mod walk;

use arguments::{DiffArguments, Eryx, EryxCommand, EryxRun, InspectArguments};
use clap::Parser;
use diff::{DiffError, Images, Telling};
use eryx_base::{errors, escape::escape_lines};
use failure::Failure;
use inspect::View;
use std::{io::Write, process::ExitCode};

/// The name people type: the loader's own commands, with the toolchain's handed over to `eryx-build`.
pub fn eryx() -> ExitCode {
    let arguments = match Eryx::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return not_understood(&error),
    };
    let outcome = match arguments.command {
        EryxCommand::Run(arguments) => run::run(&arguments),
        EryxCommand::Inspect(arguments) => inspect(&arguments),
        EryxCommand::Diff(arguments) => diff(&arguments),
        EryxCommand::Verify { image } => on_standard_output(|out| verify::run(&image, out)),
        EryxCommand::Toolchain(arguments) => toolchain::hand_over(arguments),
    };
    outcome.unwrap_or_else(|failure| failure.report())
}

/// The loader alone, as production hosts have it.
pub fn eryx_run() -> ExitCode {
    match EryxRun::try_parse() {
        Ok(arguments) => run::run(&arguments.run).unwrap_or_else(|failure| failure.report()),
        Err(error) => not_understood(&error),
    }
}

/// Reports arguments that make no sense, or shows the help that they ask for. What a message repeats of
/// them does not steer a terminal.
fn not_understood(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        message::say(escape_lines(&error.render().to_string()).as_bytes());
    } else {
        // Nobody reads it: then nobody misses it.
        let _ = error.print();
    }
    u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

fn inspect(arguments: &InspectArguments) -> Result<ExitCode, Failure> {
    let InspectArguments { image, files, .. } = arguments;
    if let Some(format) = arguments.sbom {
        return toolchain::sbom(format.name(), image);
    }
    let view = match (arguments.json, arguments.tree) {
        (true, _) => View::Json { files: *files },
        (false, true) => View::Tree,
        (false, false) => View::Table { files: *files },
    };
    on_standard_output(|out| inspect::run(image, view, out))
}

/// Statuses are those of diff(1): 0 for the same, 1 for different, 2 for trouble.
fn diff(arguments: &DiffArguments) -> Result<ExitCode, Failure> {
    let trouble = |error: DiffError| Failure::trouble(&error);
    let images = Images::open(&arguments.old, &arguments.new).map_err(trouble)?;
    let telling = Telling {
        quiet: arguments.quiet,
        json: arguments.json,
        files: arguments.files,
    };
    match images.tell(telling, &mut standard_output()) {
        Err(error) if !errors::is_broken_pipe(&error) => Err(trouble(error)),
        _ => Ok(ExitCode::from(u8::from(images.differ()))),
    }
}

fn standard_output() -> impl Write {
    std::io::BufWriter::new(std::io::stdout().lock())
}

/// Writes results to standard output. That nobody reads them is no failure.
fn on_standard_output<E: std::error::Error + 'static>(
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<ExitCode, Failure> {
    match write(&mut standard_output()) {
        Err(error) if !errors::is_broken_pipe(&error) => Err(Failure::from_error(&error)),
        _ => Ok(ExitCode::SUCCESS),
    }
}
