//! Resolving with pip: one dry run, whose report names each file.

use std::sync::Mutex;

use crate::installer::{Installer, Job, Question};
use eryx_packaging::{chain, normalize_package_name};

use super::error::SolveError;
use super::helpers::{Helpers, temporary_text};
use super::problem::Problem;
use super::solution::Solution;
use super::{diagnose, extras, report};

/// How many obstacles are looked for at most, each by another run of pip.
const MAX_OBSTACLES: usize = 12;

/// Resolves with pip. When a package stands in the way, the rest is resolved without it, so that all of
/// these are found at once.
pub(super) fn solve(problem: &Problem<'_>, helpers: &Helpers<'_>) -> Result<Solution, SolveError> {
    let first = match attempt(problem, helpers) {
        Ok(solution) => return Ok(solution),
        // Versions of an old lock are given up next, and may be all that stands in the way.
        Err(error) if !problem.constraints.is_empty() => return Err(error),
        Err(error) => error,
    };
    let mut found = vec![first];
    let mut rest = problem.clone();
    while found.len() < MAX_OBSTACLES
        && let Some(package) = found.last().and_then(SolveError::obstacle)
    {
        let is_new = rest.exclude.insert(package.to_owned());
        rest.requirements.retain(|one| one.name != package);
        if !is_new || rest.requirements.is_empty() {
            break;
        }
        match attempt(&rest, helpers) {
            Ok(_) => break,
            // What it means without a part of the packages is not sure.
            Err(error) if error.obstacle().is_none() => break,
            Err(error) => found.push(error),
        }
    }
    match found.len() {
        1 => Err(found.swap_remove(0)),
        _ => Err(SolveError::Several(found)),
    }
}

/// One run of pip.
fn attempt(problem: &Problem<'_>, helpers: &Helpers<'_>) -> Result<Solution, SolveError> {
    let installer = Installer::find()?;
    let directory = helpers.cache.temporary_directory()?;
    let requirements = problem.requirement_lines();
    let requirements = temporary_text(directory.path(), "requirements.txt", &requirements)?;
    let constraints = problem.constraint_lines();
    let constraints = temporary_text(directory.path(), "constraints.txt", &constraints)?;
    let report_path = directory.path().join("report.json");
    let target = directory.path().join("nothing-is-installed");

    let options = problem.pip_options();
    let mut arguments: Vec<String> = ["install", "--dry-run", "--ignore-installed"]
        .map(str::to_owned)
        .into();
    let mut option = |name: &str, path: &std::path::Path| {
        arguments.extend([name.to_owned(), path.to_string_lossy().into_owned()]);
    };
    option("--report", &report_path);
    option("--target", &target);
    option("--requirement", &requirements);
    option("--constraint", &constraints);
    arguments.extend(["--progress-bar".to_owned(), "off".to_owned()]);
    arguments.extend(options.target_arguments());
    if problem.without_dependencies {
        arguments.push("--no-deps".to_owned());
    }
    if let Some(packages) = problem.packages {
        arguments.extend(crate::installer::index_arguments(packages));
        if packages.pre {
            arguments.push("--pre".to_owned());
        }
    }

    // pip would repeat a failure in words of its own.
    let failure = Mutex::new(None);
    let answer = |question: &Question| {
        (helpers.metadata)(question).inspect_err(|problem| {
            if let Ok(mut failure) = failure.lock() {
                let url = question.url.as_str();
                let file = url.rsplit('/').next().unwrap_or(url).to_owned();
                let named = question.name.as_deref().map(normalize_package_name);
                let mut chain = question.chain.clone();
                chain.extend(named.clone());
                *failure = Some(SolveError::Metadata {
                    file,
                    package: named.unwrap_or_default(),
                    required: chain::words(&chain),
                    problem: problem.clone(),
                });
            }
        })
    };
    let job = Job::new(&options, arguments)
        .answering(&answer)
        .reporting(helpers.report);
    let outcome = installer.run(&job)?;
    if let Some(failure) = failure.into_inner().ok().flatten() {
        return Err(failure);
    }
    if !outcome.success {
        return Err(diagnose::failure(&installer, &options, problem, &outcome));
    }
    let (packages, report) = report::read(&report_path, problem, &installer.display())?;
    Ok(Solution {
        packages,
        warnings: extras::unknown(&report, problem),
    })
}
