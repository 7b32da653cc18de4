//! `eryx runtime`.

use super::{
    report::{say, say_error},
    runtime_option,
};
use clap::{Args, Subcommand};
use eryx_base::errors::chain;
use eryx_base::escape::escape;
use eryx_base::variables::{self, Variable};
use eryx_runtime::{Distribution, RuntimeError, export};
use serde_json::json;
use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

const EXAMPLES: &str = "\
Examples:
  eryx runtime show                      what images are built on, and what it is made of
  eryx runtime export runtime            its files in a new folder
  eryx runtime verify runtime            whether every file of a folder is the one that it should be

A manifest takes a folder with

  [runtime]
  path = \"runtime\"";

/// The variables that this command reads.
const VARIABLES: [Variable; 1] = [variables::RUNTIME_DIR];

/// What `--help` says after the options.
fn after_help() -> String {
    let variables = variables::help(&VARIABLES);
    format!("{EXAMPLES}\n\nEnvironment:\n{variables}")
}

/// What to do with runtime distributions.
#[derive(Debug, Args)]
#[command(after_help = after_help())]
pub(super) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the runtime, and what it is made of
    Show {
        /// A folder with a runtime, instead of the one that bakes take
        folder: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Write the built-in runtime into a new folder
    Export {
        /// The folder, which is made
        folder: PathBuf,
    },
    /// Check every file of a runtime
    Verify {
        /// The folder with the runtime
        folder: PathBuf,
    },
}

/// Does it.
pub(super) fn run(options: &Options) -> ExitCode {
    let outcome = match &options.command {
        Command::Show { folder, json } => {
            open(folder.as_deref()).map(|runtime| show(&runtime, *json))
        }
        Command::Export { folder } => export(folder).map(|()| String::new()),
        Command::Verify { folder } => Distribution::from_directory(folder)
            .map(|runtime| format!("{} is whole: {}\n", runtime.name(), runtime.identity())),
    };
    let text = match outcome {
        Ok(text) => text,
        Err(error) => {
            say_error(&chain(&error));
            return ExitCode::FAILURE;
        }
    };
    match io::stdout().lock().write_all(text.as_bytes()) {
        // Whoever closed the pipe has read enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            say(&format!("error: cannot write the result: {error}"));
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

/// The runtime of a folder, or else that of bakes whose manifest names none.
fn open(folder: Option<&Path>) -> Result<Distribution, RuntimeError> {
    match folder
        .map(Path::to_owned)
        .or_else(runtime_option::of_environment)
    {
        Some(folder) => Distribution::from_directory(&folder),
        None => Distribution::embedded(),
    }
}

fn show(runtime: &Distribution, json: bool) -> String {
    let libraries = || runtime.libraries().iter().chain([runtime.guest()]);
    if json {
        let value = json!({
            "name": runtime.name(),
            "python": runtime.python(),
            "identity": runtime.identity(),
            "bytes": runtime.size(),
            "libraries": libraries()
                .map(|one| json!({"name": one.name, "bytes": one.bytes.len()}))
                .collect::<Vec<_>>(),
            "sources": runtime
                .sources()
                .iter()
                .map(|one| json!({
                    "name": one.name,
                    "version": one.version,
                    "sha256": one.sha256,
                    "takes": one.takes,
                    "license": one.license,
                }))
                .collect::<Vec<_>>(),
        });
        return format!("{value:#}\n");
    }
    let mut text = format!(
        "name      {}\npython    {}\nidentity  {}\nsize      {:.1} MB\n\nlibraries\n",
        escape(runtime.name()),
        escape(runtime.python()),
        runtime.identity(),
        runtime.size() as f64 / 1e6
    );
    for one in libraries() {
        let kilobytes = one.bytes.len().div_ceil(1000);
        text += &format!("  {:<36} {kilobytes:>6} kB\n", escape(&one.name));
    }
    text += "\nmade of\n";
    for one in runtime.sources() {
        let package = format!("{} {}", one.name, one.version);
        text += &format!(
            "  {:<36} {} ({})\n",
            escape(&package),
            escape(&one.takes),
            escape(&one.license)
        );
    }
    text
}
