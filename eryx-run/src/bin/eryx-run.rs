//! `eryx-run`: the loader alone.

use std::process::ExitCode;

fn main() -> ExitCode {
    eryx_run::cli::eryx_run()
}
