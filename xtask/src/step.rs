//! One step of a task: says what it does, does it, and says how long it took.

use anyhow::{Context, Result, ensure};
use std::{process::Command, time::Instant};

/// Runs a command that shows its own progress.
pub(crate) fn run(title: &str, command: &mut Command) -> Result<()> {
    say(&format!("{title}: {}", line(command)));
    let start = Instant::now();
    let program = command.get_program().display().to_string();
    let status = command
        .status()
        .with_context(|| format!("cannot run {program}"))?;
    ensure!(status.success(), "`{}` failed: {status}", line(command));
    say(&format!(
        "{title}: done in {:.1} s",
        start.elapsed().as_secs_f64()
    ));
    Ok(())
}

/// What a command prints on its standard output.
pub(crate) fn output(mut command: Command) -> Result<String> {
    let program = command.get_program().display().to_string();
    let output = command
        .output()
        .with_context(|| format!("cannot run {program}"))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    let (line, status) = (line(&command), output.status);
    ensure!(status.success(), "`{line}` failed: {status}\n{errors}");
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Tells people how it goes.
#[expect(clippy::print_stderr, reason = "a command line")]
pub(crate) fn say(text: &str) {
    eprintln!("==> {text}");
}

/// A command as it is typed.
pub(crate) fn line(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let program = program.rsplit('/').next().unwrap_or_default().to_owned();
    let arguments = command
        .get_args()
        .map(|argument| argument.to_string_lossy().into_owned());
    [program]
        .into_iter()
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}
