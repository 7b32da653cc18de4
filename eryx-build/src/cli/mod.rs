//! What the binary `eryx-build` is made of: arguments read, work done by the library, and the outcome
//! said in words and an exit status.

mod build;
mod command_line;
mod common;
mod completions;
mod consent;
mod init;
mod lock;
mod man;
mod recipe;
mod report;
mod runtime;
mod runtime_option;
mod sbom;
mod schema;
mod sdk;
mod wheel;

use clap::{CommandFactory, Parser, Subcommand};
use eryx_base::escape::escape_lines;
use std::process::ExitCode;

/// Bakes Python packages into one self-contained sandbox image.
#[derive(Debug, Parser)]
#[command(name = "eryx-build", bin_name = "eryx", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bake the image that a manifest describes
    Build(build::Options),
    /// Make or update the lock of a manifest
    Lock(lock::Options),
    /// Print the bill of materials of an image, for `eryx inspect --sbom`
    #[command(hide = true)]
    Sbom(sbom::Options),
    /// Write a project to start from
    Init(init::Options),
    /// Print the JSON schema of manifests, for editors
    Schema(schema::Options),
    /// Compile native packages for the sandbox
    Sdk(sdk::Options),
    /// Build wheels of native packages, to share them
    Wheel(wheel::Options),
    /// List and check recipes of native packages
    Recipe(recipe::Options),
    /// Show, export or verify the runtime that images are built on
    Runtime(runtime::Options),
    /// Print a script by which a shell completes commands and options
    Completions(completions::Options),
    /// Write manual pages
    Man(man::Options),
}

/// Reads the arguments of this process and carries them out.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return not_understood(&error),
    };
    match arguments.command {
        Command::Build(options) => build::run(&options),
        Command::Lock(options) => lock::run(&options),
        Command::Sbom(options) => sbom::run(&options),
        Command::Init(options) => init::run(&options),
        Command::Schema(options) => schema::run(&options),
        Command::Sdk(options) => sdk::run(&options),
        Command::Wheel(options) => wheel::run(&options),
        Command::Recipe(options) => recipe::run(&options),
        Command::Runtime(options) => runtime::run(&options),
        Command::Completions(options) => {
            completions::run(&options, command_line::whole(&Arguments::command()))
        }
        Command::Man(options) => man::run(&options, command_line::whole(&Arguments::command())),
    }
}

/// Reports arguments that make no sense, or shows the help that they ask for. What a message repeats of
/// them does not steer a terminal.
fn not_understood(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        report::say(escape_lines(&error.render().to_string()).trim_end());
    } else {
        // Nobody reads it: then nobody misses it.
        let _ = error.print();
    }
    u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}
