//! `eryx schema`.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;

use super::report;
use crate::manifest;

const EXAMPLES: &str = "\
Examples:
  eryx schema > eryx.schema.json

An editor that knows TOML schemas then completes and checks the manifest that starts with

  #:schema ./eryx.schema.json";

/// Nothing can be chosen.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {}

/// Prints the JSON schema of manifests.
pub(super) fn run(Options {}: &Options) -> ExitCode {
    match io::stdout().lock().write_all(manifest::schema().as_bytes()) {
        // Whoever closed the pipe has read enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            report::say(&format!("error: cannot write the schema: {error}"));
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}
