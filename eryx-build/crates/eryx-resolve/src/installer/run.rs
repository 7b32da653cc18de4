//! Running pip, and listening to it.

use std::io::{self, Write as _};
use std::process::{Command, Stdio};

use super::job::Job;
use super::output::{self, Outcome};
use super::surroundings;

/// What is run in place of `python -m pip`.
const SCRIPT: &str = include_str!("pip.py");

/// Runs pip to its end by the command of a Python.
pub(super) fn run(program: &str, arguments: &[String], job: &Job<'_>) -> io::Result<Outcome> {
    let options = serde_json::to_string(job.options).map_err(io::Error::from)?;
    let mut command = Command::new(program);
    surroundings::prepare(&mut command);
    let mut child = command
        .args(arguments)
        .args(["-c", SCRIPT, &options])
        .args(&job.arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut input = child.stdin.take();
    let (lines, errors) = output::read(&mut child, &mut |line| match line {
        output::Line::Question(question) => {
            let answer = job.answer(question);
            if let Some(input) = &mut input {
                // A pip that is gone says so by its status.
                let _ = writeln!(input, "{answer}");
            }
        }
        output::Line::Text(line) => {
            if let Some(report) = job.report
                && (line.starts_with("Collecting ") || line.starts_with("Downloading "))
            {
                report(line);
            }
        }
    });
    drop(input);
    let status = child.wait()?;
    Ok(Outcome {
        success: status.success(),
        lines,
        errors,
    })
}
