//! `eryx completions`.

use super::report;
use clap::{Args, Command};
use clap_complete::Shell;
use std::{
    io::{self, Write},
    process::ExitCode,
};

const EXAMPLES: &str = "\
Examples:
  eryx completions bash > ~/.local/share/bash-completion/completions/eryx
  eryx completions fish > ~/.config/fish/completions/eryx.fish
  eryx completions zsh > \"${fpath[1]}/_eryx\"";

/// For which shell.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// The shell
    shell: Shell,
}

/// Prints a script by which a shell completes `eryx`.
pub(super) fn run(options: &Options, mut whole: Command) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut whole, "eryx", &mut script);
    match io::stdout().lock().write_all(&script) {
        // Whoever closed the pipe has read enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            report::say(&format!("error: cannot write the script: {error}"));
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}
