//! Running pip, and listening to it.

use std::io::{self, Write as _};
use std::process::{Command, Stdio};

use super::job::Job;
use super::output::{self, Outcome};

/// What is run in place of `python -m pip`.
const SCRIPT: &str = include_str!("pip.py");

/// Runs pip to its end by the command of a Python.
pub(super) fn run(program: &str, arguments: &[String], job: &Job<'_>) -> io::Result<Outcome> {
    let options = serde_json::to_string(job.options).map_err(io::Error::from)?;
    let mut child = Command::new(program)
        .args(arguments)
        .args(["-c", SCRIPT, &options])
        .args(&job.arguments)
        // Each of these only shapes what is printed, forbids questions or keeps settings for
        // installing out of a run that installs nothing; the user's configuration of indexes,
        // proxies and certificates stays.
        .env("PIP_NO_INPUT", "1")
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
        .env("PIP_NO_COLOR", "1")
        .env("PIP_USER", "0")
        .env("PIP_REQUIRE_VIRTUALENV", "0")
        .env("PYTHONUNBUFFERED", "1")
        .env("PYTHONIOENCODING", "utf-8:replace")
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
