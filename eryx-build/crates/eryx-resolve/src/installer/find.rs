//! Finding a Python that has pip.

use std::ffi::OsStr;

use eryx_base::variables::PYTHON;

use super::error::InstallerError;
use super::job::Job;
use super::options::PipOptions;
use super::output::Outcome;
use super::run;

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
            return if named.works()? {
                Ok(named)
            } else {
                Err(InstallerError::NotFound {
                    tried: format!("`{}` of {}", named.display(), PYTHON.name),
                })
            };
        }
        let candidates = ["python3", "python", "uv tool run --from pip python"]
            .map(|command| Self::named(OsStr::new(command)));
        for candidate in &candidates {
            if candidate.works().unwrap_or(false) {
                return Ok(candidate.clone());
            }
        }
        Err(InstallerError::NotFound {
            tried: candidates.map(|one| one.display()).join(", "),
        })
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

    fn works(&self) -> Result<bool, InstallerError> {
        let options = PipOptions::default();
        let outcome = self.run(&Job::new(&options, vec!["--version".to_owned()]))?;
        Ok(outcome.success)
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
}
