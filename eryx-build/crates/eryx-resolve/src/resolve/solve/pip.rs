//! Resolving with pip: one dry run, whose report names each file.

use std::sync::Mutex;

use crate::installer::{Installer, Job, Question};
use crate::resolve::lock::LockedPackage;
use eryx_packaging::normalize_package_name;

use super::error::SolveError;
use super::helpers::{Helpers, temporary_text};
use super::problem::Problem;
use super::{diagnose, report};

/// Resolves with pip.
pub(super) fn solve(
    problem: &Problem<'_>,
    helpers: &Helpers<'_>,
) -> Result<Vec<LockedPackage>, SolveError> {
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
                let required_by = question.required_by.as_deref();
                let required_by = required_by.map(normalize_package_name);
                *failure = Some((file, required_by, problem.clone()));
            }
        })
    };
    let job = Job::new(&options, arguments)
        .answering(&answer)
        .reporting(helpers.report);
    let outcome = installer.run(&job)?;
    if let Some((file, required_by, problem)) = failure.into_inner().ok().flatten() {
        return Err(SolveError::Metadata {
            file,
            required_by,
            problem,
        });
    }
    if !outcome.success {
        return Err(diagnose::failure(&installer, &options, problem, &outcome));
    }
    report::read(&report_path, problem, &installer.display())
}
