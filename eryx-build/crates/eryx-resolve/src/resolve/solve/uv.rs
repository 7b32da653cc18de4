//! Resolving with uv: a universal resolution among wheels, of which the part for the sandbox is
//! taken.
//!
//! uv has no platform of that kind, but its universal resolution keeps every marker, and these are
//! evaluated here.

use std::io;
use std::process::{Command, Stdio};

use crate::installer::indented;
use crate::resolve::lock::LockedPackage;
use crate::resolve::pylock;
use eryx_base::escape::escape;

use super::error::SolveError;
use super::extras;
use super::helpers::{Helpers, temporary_text};
use super::problem::{self, Problem};

/// What uv's resolution came to.
pub(super) enum Outcome {
    /// It found a solution.
    Solved(Solution),
    /// It would have to build a source distribution.
    NeedsBuilding,
    /// It is too old to be asked.
    TooOld,
}

/// A solution.
pub(super) struct Solution {
    /// The packages that have a file that fits.
    pub packages: Vec<LockedPackage>,
    /// Names and versions of the others, of which pip may find a file.
    pub without_wheel: Vec<(String, String)>,
    /// What is probably not as the user wants it, a sentence each.
    pub warnings: Vec<String>,
}

/// Whether uv can be run.
pub(super) fn is_there() -> bool {
    let status = Command::new("uv")
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

/// Resolves with uv.
pub(super) fn solve(problem: &Problem<'_>, helpers: &Helpers<'_>) -> Result<Outcome, SolveError> {
    let directory = helpers.cache.temporary_directory()?;
    let text = |name: &str, text: &str| temporary_text(directory.path(), name, text);
    let requirements = text("requirements.txt", &problem.requirement_lines())?;
    let constraints = text("constraints.txt", &problem.constraint_lines())?;
    let exclude: String = problem
        .exclude
        .iter()
        .map(|name| format!("{name}\n"))
        .collect();
    let overrides = problem.packages.into_iter().flat_map(|one| &one.overrides);
    let overrides: String = overrides.map(problem::line).collect();

    let minor: Vec<&str> = problem.python.split('.').take(2).collect();
    let mut command = Command::new("uv");
    command
        .args(["pip", "compile", "--universal", "--no-build"])
        .args(["--format", "pylock.toml", "--no-header", "--no-progress"])
        .args(["--color", "never", "--no-python-downloads"])
        .args(["--python-version", &minor.join(".")])
        .arg("--constraints")
        .arg(&constraints);
    // Older versions of uv do not know every one of these.
    for (option, name, lines) in [
        ("--excludes", "exclude.txt", &exclude),
        ("--overrides", "overrides.txt", &overrides),
    ] {
        if !lines.is_empty() {
            command.arg(option).arg(text(name, lines)?);
        }
    }
    if problem.without_dependencies {
        command.arg("--no-deps");
    }
    if let Some(packages) = problem.packages {
        if let Some(index) = &packages.index {
            command.args(["--default-index", index]);
        }
        // As pip does, which knows no other way: a lock is not to depend on who resolved it.
        if !packages.extra_index.is_empty() {
            command.args(["--index-strategy", "unsafe-best-match"]);
        }
        for index in &packages.extra_index {
            command.args(["--index", index]);
        }
        for links in &packages.find_links {
            command.args(["--find-links", links]);
        }
        if packages.pre {
            command.args(["--prerelease", "allow"]);
        }
    }
    // Settings of a project that happens to be around are about that project.
    let output = command
        .arg(&requirements)
        .current_dir(directory.path())
        .stdin(Stdio::null())
        .output()
        .map_err(SolveError::Uv)?;
    if !output.status.success() {
        return failure(&output.stderr);
    }
    let text = String::from_utf8(output.stdout)
        .map_err(|error| SolveError::Uv(io::Error::other(error)))?;
    let raw = pylock::parse(&text)?;
    let mut solution = Solution {
        packages: Vec::new(),
        without_wheel: Vec::new(),
        warnings: extras::unknown_to_uv(&String::from_utf8_lossy(&output.stderr), problem),
    };
    for package in pylock::holding(&raw, problem.python)? {
        let of_reference = package.is_archive();
        match pylock::choose(package, directory.path(), &problem.preference())? {
            Some(mut package) if problem.hashes.allow(&package.name, &package.file.sha256) => {
                // pip does not say it, and a lock is not to depend on who resolved it.
                package.file.size = None;
                package.file.place = if of_reference {
                    package.file.place.of_reference()
                } else {
                    package.file.place.of_index()
                };
                solution.packages.push(package);
            }
            _ => {
                let version = package.version.clone().unwrap_or_default();
                solution.without_wheel.push((package.name.clone(), version));
            }
        }
    }
    Ok(Outcome::Solved(solution))
}

fn failure(errors: &[u8]) -> Result<Outcome, SolveError> {
    let errors = String::from_utf8_lossy(errors);
    if errors.contains("building from source is disabled") || errors.contains("no usable wheels") {
        return Ok(Outcome::NeedsBuilding);
    }
    // Of its argument parser.
    if errors.contains("unexpected argument '--") || errors.contains("invalid value 'pylock.toml'")
    {
        return Ok(Outcome::TooOld);
    }
    // Warnings are about the files that eryx made for it.
    let lines = errors.lines().filter(|line| !line.starts_with("warning:"));
    let lines: Vec<String> = lines.map(|line| escape(line).into_owned()).collect();
    let output = indented(&lines);
    let installer = "uv".to_owned();
    let is_missing = [
        "was not found in the package registry",
        "was not found in the provided package locations",
        "there is no version of",
        "there are no versions of",
    ]
    .iter()
    .any(|words| errors.contains(words));
    Err(if is_missing {
        SolveError::NotThere { output }
    } else if errors.contains("No solution found") {
        SolveError::Conflict { output }
    } else if errors.contains("Failed to fetch") || errors.contains("error sending request") {
        SolveError::Network { installer, output }
    } else {
        SolveError::Failed { installer, output }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_told_apart() {
        let check = |text: &str| failure(text.as_bytes());
        assert!(matches!(
            check("hint: building from source is disabled for all packages"),
            Ok(Outcome::NeedsBuilding)
        ));
        assert!(matches!(
            check("error: unexpected argument '--excludes' found"),
            Ok(Outcome::TooOld)
        ));
        assert!(matches!(
            check("error: No solution found when resolving dependencies"),
            Err(SolveError::Conflict { .. })
        ));
        let missing = "warning: x\nerror: No solution found\n  Because b was not found in the package registry";
        assert!(matches!(
            check(missing),
            Err(SolveError::NotThere { output }) if !output.contains("warning")
        ));
        assert!(matches!(
            check("error: Failed to fetch: `https://packages.example.com/six/`"),
            Err(SolveError::Network { .. })
        ));
        assert!(matches!(check("error: ?"), Err(SolveError::Failed { .. })));
    }
}
