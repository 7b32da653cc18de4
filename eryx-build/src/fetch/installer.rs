//! The user's own package installer: finding it and running it.

use std::collections::VecDeque;
use std::env;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use crate::printable::printable;
use crate::resolve::SANDBOX_PLATFORMS;

use super::diagnose::diagnose;
use super::error::FetchError;

/// The environment variable that names another installer: a command with pip's own subcommands,
/// split on white space.
pub const INSTALLER_VARIABLE: &str = "ERYX_PIP";

/// `python -m pip` puts the current folder on the module path, so that a `pip.py` lying beside a
/// manifest would be run in its place. This starts the same pip without that folder.
const START_PIP: &str = "import sys; sys.path[:] = [path for path in sys.path if path]; \
     import runpy; runpy.run_module('pip', run_name='__main__', alter_sys=True)";

/// Native libraries of these platforms are left out, so which one is asked for does not depend on
/// the host: the same manifest gives the same wheel everywhere. Newest first.
const HOST_PLATFORMS: [&str; 16] = [
    "manylinux_2_39_x86_64",
    "manylinux_2_38_x86_64",
    "manylinux_2_36_x86_64",
    "manylinux_2_35_x86_64",
    "manylinux_2_34_x86_64",
    "manylinux_2_31_x86_64",
    "manylinux_2_28_x86_64",
    "manylinux_2_27_x86_64",
    "manylinux_2_26_x86_64",
    "manylinux_2_24_x86_64",
    "manylinux_2_17_x86_64",
    "manylinux2014_x86_64",
    "manylinux_2_12_x86_64",
    "manylinux2010_x86_64",
    "manylinux_2_5_x86_64",
    "manylinux1_x86_64",
];

/// Bounds on what is kept of an installer's output.
const MAX_LINE: u64 = 64 * 1024;
const MAX_LINES: usize = 500;
const LAST_LINES: usize = 12;

/// For which platforms wheels are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Platforms {
    /// Those that fit the sandbox.
    Sandbox,
    /// Also one whose native libraries will be left out.
    SandboxAndHost,
}

/// A command with pip's subcommands.
#[derive(Debug, Clone)]
pub(super) struct Installer {
    program: String,
    arguments: Vec<String>,
    display: String,
}

/// What an installer's run came to.
#[derive(Debug)]
pub(super) struct Outcome {
    success: bool,
    /// The lines of standard output.
    pub lines: Vec<String>,
    /// The last lines of standard error.
    pub errors: Vec<String>,
}

impl Outcome {
    /// The last few lines of standard error, for a message.
    pub fn last_errors(&self) -> String {
        let skipped = self.errors.len().saturating_sub(LAST_LINES);
        let lines = self.errors.iter().skip(skipped);
        lines.map(|line| format!("  {line}\n")).collect()
    }
}

impl Installer {
    /// The installer that the user names, or the first one that works.
    pub fn find() -> Result<Self, FetchError> {
        if let Some(named) = env::var_os(INSTALLER_VARIABLE).filter(|value| !value.is_empty()) {
            let named = Self::named(&named);
            return match named.run(&["--version"], &|_| {}) {
                Ok(outcome) if outcome.success => Ok(named),
                Err(failure) => Err(failure),
                Ok(_) => Err(FetchError::NoInstaller {
                    tried: format!("`{}` of {INSTALLER_VARIABLE}", named.display),
                }),
            };
        }
        let candidates = Self::candidates();
        for candidate in &candidates {
            let outcome = candidate.run(&["--version"], &|_| {});
            if outcome.is_ok_and(|outcome| outcome.success) {
                return Ok(candidate.clone());
            }
        }
        let tried: Vec<&str> = candidates.iter().map(|one| one.display.as_str()).collect();
        Err(FetchError::NoInstaller {
            tried: tried.join(", "),
        })
    }

    fn candidates() -> Vec<Self> {
        let interpreter = |program: &str| Self {
            program: program.to_owned(),
            arguments: vec!["-c".to_owned(), START_PIP.to_owned()],
            display: format!("{program} -m pip"),
        };
        let command = |text: &str| Self::named(OsStr::new(text));
        vec![
            interpreter("python3"),
            interpreter("python"),
            command("pip3"),
            command("pip"),
            command("uv tool run pip"),
        ]
    }

    /// The installer that a command line names.
    pub fn named(command: &OsStr) -> Self {
        let display = command.to_string_lossy().into_owned();
        let mut words = display.split_whitespace().map(str::to_owned);
        Self {
            program: words.next().unwrap_or_default(),
            arguments: words.collect(),
            display,
        }
    }

    /// The command as a user would type it.
    pub fn display(&self) -> String {
        self.display.clone()
    }

    /// Downloads the wheels of these pins, and nothing they depend on, into a folder.
    pub fn download(
        &self,
        pins: &[String],
        platforms: Platforms,
        folder: &Path,
        report: &dyn Fn(&str),
    ) -> Result<(), FetchError> {
        let folder = folder.to_string_lossy();
        let mut arguments = vec!["download", "--no-deps", "--only-binary=:all:"];
        arguments.extend(["--progress-bar", "off", "--dest", &folder]);
        arguments.extend(target_arguments(platforms));
        arguments.push("--");
        arguments.extend(pins.iter().map(String::as_str));
        let outcome = self.run(&arguments, report)?;
        if outcome.success {
            return Ok(());
        }
        Err(diagnose(self, pins, platforms, &outcome))
    }

    /// Asks the index which versions of a package there are, of any kind.
    pub fn versions(&self, package: &str) -> Result<Outcome, FetchError> {
        let mut arguments = vec!["index", "versions", "--pre"];
        arguments.extend(target_arguments(Platforms::SandboxAndHost));
        for platform in ["win_amd64", "macosx_11_0_arm64", "macosx_11_0_x86_64"] {
            arguments.extend(["--platform", platform]);
        }
        arguments.extend(["--", package]);
        self.run(&arguments, &|_| {})
    }

    fn run(&self, arguments: &[&str], report: &dyn Fn(&str)) -> Result<Outcome, FetchError> {
        let failed = |source| FetchError::Start {
            command: self.display.clone(),
            source,
        };
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .args(arguments)
            // Each of these only shapes what is printed or forbids questions; the user's
            // configuration of indexes, proxies and certificates stays.
            .env("PIP_NO_INPUT", "1")
            .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
            .env("PIP_NO_COLOR", "1")
            .env("PYTHONUNBUFFERED", "1")
            .env("PYTHONIOENCODING", "utf-8:replace")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let outcome = read_output(&mut child, report);
        let status = child.wait().map_err(failed)?;
        let (lines, errors) = outcome;
        Ok(Outcome {
            success: status.success(),
            lines,
            errors,
        })
    }
}

fn target_arguments(platforms: Platforms) -> Vec<&'static str> {
    let mut arguments = vec!["--implementation", "cp", "--python-version", "3.14"];
    for abi in ["cp314", "abi3", "none"] {
        arguments.extend(["--abi", abi]);
    }
    let host: &[&str] = match platforms {
        Platforms::Sandbox => &[],
        Platforms::SandboxAndHost => &HOST_PLATFORMS,
    };
    for platform in SANDBOX_PLATFORMS.iter().chain(host) {
        arguments.extend(["--platform", platform]);
    }
    arguments
}

fn read_output(child: &mut Child, report: &dyn Fn(&str)) -> (Vec<String>, Vec<String>) {
    let (output, errors) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        // Both streams are read at once, or a full pipe would stop the installer.
        let errors = scope.spawn(move || errors.map(|stream| read_lines(stream, &|_| {})));
        let lines = output.map(|stream| {
            read_lines(stream, &|line| {
                let line = line.trim();
                if line.starts_with("Collecting ") || line.starts_with("Downloading ") {
                    report(line);
                }
            })
        });
        let errors = errors.join().ok().flatten();
        (lines.unwrap_or_default(), errors.unwrap_or_default())
    })
}

/// The last lines of a stream, made safe to show: a package index chooses parts of them.
fn read_lines(stream: impl Read, each: &dyn Fn(&str)) -> Vec<String> {
    let mut reader = BufReader::new(stream);
    let mut kept = VecDeque::new();
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        match reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut bytes) {
            Ok(0) | Err(_) => return kept.into(),
            Ok(_) => {}
        }
        let text = String::from_utf8_lossy(&bytes);
        let line = printable(text.trim_end());
        each(&line);
        if kept.len() == MAX_LINES {
            kept.pop_front();
        }
        kept.push_back(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_installer_is_split_on_white_space() {
        let installer = Installer::named(OsStr::new(" uv  tool run pip "));
        assert_eq!(installer.program, "uv");
        assert_eq!(installer.arguments, ["tool", "run", "pip"]);
    }

    #[test]
    fn only_a_bounded_and_clean_end_of_the_output_is_kept() {
        let mut text = "line\n".repeat(2 * MAX_LINES);
        text.push_str("\u{1b}[2Jlast");
        let lines = read_lines(text.as_bytes(), &|_| {});
        assert_eq!(lines.len(), MAX_LINES);
        assert_eq!(lines.last().map(String::as_str), Some(r"\u{1b}[2Jlast"));
    }

    #[test]
    fn native_wheels_are_asked_for_only_when_they_may_be_stripped() {
        let sandbox = target_arguments(Platforms::Sandbox);
        assert!(sandbox.contains(&"any"));
        assert!(!sandbox.iter().any(|argument| argument.contains("linux")));
        let host = target_arguments(Platforms::SandboxAndHost);
        assert!(host.contains(&"manylinux_2_17_x86_64"));
    }
}
