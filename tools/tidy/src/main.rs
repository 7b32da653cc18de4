//! `eryx-tidy [DIRECTORY]`: prints what breaks the rules of the tree, one finding a line.

use std::{env, path::PathBuf, process::ExitCode};

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line")]
fn main() -> ExitCode {
    let root = env::args_os()
        .nth(1)
        .map_or_else(|| ".".into(), PathBuf::from);
    match eryx_tidy::check(&root) {
        Ok(findings) if findings.is_empty() => ExitCode::SUCCESS,
        Ok(findings) => {
            for finding in &findings {
                println!("{finding}");
            }
            eprintln!("eryx-tidy: {} findings", findings.len());
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("eryx-tidy: {error:#}");
            ExitCode::from(2)
        }
    }
}
