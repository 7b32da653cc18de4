//! Finding a Python that has pip.

use std::ffi::OsStr;
use std::io;

use eryx_base::errors::chain;
use eryx_base::variables::PYTHON;

use super::error::{Attempt, InstallerError};
use super::job::Job;
use super::options::PipOptions;
use super::output::Outcome;
use super::run;

/// How many characters are shown of why a candidate does not work.
const SHOWN: usize = 240;

/// A Python that has pip: the user's own, or the one that uv makes for it.
#[derive(Debug, Clone)]
pub struct Installer {
    program: String,
    arguments: Vec<String>,
}

impl Installer {
    /// The one that the user names, or the first that works.
    ///
    /// # Errors
    /// When none works.
    pub fn find() -> Result<Self, InstallerError> {
        if let Some(named) = PYTHON.get() {
            let named = Self::named(&named);
            return match named.problem() {
                None => Ok(named),
                Some(problem) => Err(InstallerError::NotFound {
                    tried: vec![Attempt {
                        command: format!("{} of {}", named.display(), PYTHON.name),
                        problem,
                    }],
                }),
            };
        }
        let mut tried = Vec::new();
        for command in ["python3", "python", "uv tool run --from pip python"] {
            let candidate = Self::named(OsStr::new(command));
            let Some(problem) = candidate.problem() else {
                return Ok(candidate);
            };
            tried.push(Attempt {
                command: candidate.display(),
                problem,
            });
        }
        Err(InstallerError::NotFound { tried })
    }

    /// The one that a command line names, split on white space.
    #[must_use]
    pub fn named(command: &OsStr) -> Self {
        let command = command.to_string_lossy();
        let mut words = command.split_whitespace().map(str::to_owned);
        Self {
            program: words.next().unwrap_or_default(),
            arguments: words.collect(),
        }
    }

    /// The command as a user would type it.
    #[must_use]
    pub fn display(&self) -> String {
        let mut words = vec![self.program.as_str()];
        words.extend(self.arguments.iter().map(String::as_str));
        words.join(" ")
    }

    /// Runs pip to its end.
    ///
    /// # Errors
    /// When it cannot be started. That it failed is in the outcome.
    pub fn run(&self, job: &Job<'_>) -> Result<Outcome, InstallerError> {
        run::run(&self.program, &self.arguments, job).map_err(|source| InstallerError::Start {
            command: self.display(),
            source,
        })
    }

    /// Why this one does not work, in one line that is safe to show; `None` when it does.
    fn problem(&self) -> Option<String> {
        let options = PipOptions::default();
        let outcome = match self.run(&Job::new(&options, vec!["--version".to_owned()])) {
            Ok(outcome) if outcome.success => return None,
            Ok(outcome) => outcome,
            Err(InstallerError::Start { source, .. })
                if source.kind() == io::ErrorKind::NotFound =>
            {
                return Some("there is no such command".to_owned());
            }
            Err(error) => return Some(chain(&error)),
        };
        // Python ends a traceback with its cause, and so do others what they say.
        let last = |lines: &'_ [String]| {
            let mut lines = lines.iter().rev().map(|line| line.trim());
            lines.find(|line| !line.is_empty()).map(str::to_owned)
        };
        let last = last(&outcome.errors).or_else(|| last(&outcome.lines));
        Some(match last {
            Some(line) => line.chars().take(SHOWN).collect(),
            None => "it failed, and said nothing".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_python_is_split_on_white_space() {
        let installer = Installer::named(OsStr::new(" uv  tool run python "));
        assert_eq!(installer.program, "uv");
        assert_eq!(installer.arguments, ["tool", "run", "python"]);
        assert_eq!(installer.display(), "uv tool run python");
    }

    #[cfg(unix)]
    #[test]
    fn an_installer_that_fails_says_why() {
        use std::os::unix::fs::PermissionsExt as _;

        let directory = tempfile::tempdir().unwrap();
        let problem = |script: &str| {
            let path = directory.path().join("python");
            std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(&path, mode).unwrap();
            Installer::named(path.as_os_str()).problem()
        };
        for (script, expected) in [
            ("echo pip 25.0", None),
            (
                "echo 'Traceback …' >&2; echo \"ImportError: no pip\" >&2; echo >&2; exit 1",
                Some("ImportError: no pip"),
            ),
            ("echo only this; exit 1", Some("only this")),
            ("exit 1", Some("it failed, and said nothing")),
        ] {
            assert_eq!(problem(script).as_deref(), expected, "{script}");
        }
        let missing = Installer::named(directory.path().join("missing").as_os_str());
        assert_eq!(
            missing.problem().as_deref(),
            Some("there is no such command")
        );
    }
}
