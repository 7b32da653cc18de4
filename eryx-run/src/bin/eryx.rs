//! `eryx`: runs images itself, and hands what concerns baking over to `eryx-build`.

use std::process::ExitCode;

fn main() -> ExitCode {
    eryx_run::cli::eryx()
}
