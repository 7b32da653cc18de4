//! `eryx-build`: the toolchain's program.

use std::process::ExitCode;

fn main() -> ExitCode {
    eryx_build::cli::main()
}
