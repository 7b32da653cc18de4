//! Requirements → exact files, by a resolver that people trust: uv when it is there, else pip, each
//! with its own configuration.
//!
//! uv resolves among wheels alone, since it would run build backends on this machine; what has no
//! wheel that fits, and what uv cannot resolve without building, is pip's, which is run in a way that
//! leaves the building to the sandbox.

mod diagnose;
pub(super) mod error;
mod extras;
mod helpers;
mod pip;
mod problem;
mod report;
mod solution;
mod uv;

use std::ffi::OsStr;

use eryx_base::variables;
use eryx_manifest::Requirement;

pub use error::SolveError;
pub use helpers::Helpers;
pub use problem::Problem;
pub use solution::Solution;

/// Resolves requirements to exact files, sorted by name.
///
/// # Errors
/// When there is no resolver, when it finds no solution or cannot reach the index.
pub fn solve(problem: &Problem<'_>, helpers: &Helpers<'_>) -> Result<Solution, SolveError> {
    let named = variables::RESOLVER.get();
    let mut solution = match named.as_deref().and_then(OsStr::to_str) {
        Some("pip") => pip::solve(problem, helpers)?,
        Some("uv") => with_uv(problem, helpers)?,
        Some(name) => return Err(SolveError::Unknown(name.to_owned())),
        None if named.is_some() => return Err(SolveError::Unknown("?".to_owned())),
        None if uv::is_there() => with_uv(problem, helpers)?,
        None => pip::solve(problem, helpers)?,
    };
    let packages = &mut solution.packages;
    packages.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(solution)
}

fn with_uv(problem: &Problem<'_>, helpers: &Helpers<'_>) -> Result<Solution, SolveError> {
    let solution = match uv::solve(problem, helpers)? {
        uv::Outcome::Solved(solution) => solution,
        uv::Outcome::NeedsBuilding => {
            (helpers.report)("some packages have no wheels: pip resolves");
            return pip::solve(problem, helpers);
        }
        uv::Outcome::TooOld => {
            (helpers.report)("this uv is too old for what is asked: pip resolves");
            return pip::solve(problem, helpers);
        }
    };
    let mut packages = solution.packages;
    let warnings = solution.warnings;
    if !solution.without_wheel.is_empty() {
        let rest = Problem {
            requirements: pins(problem, solution.without_wheel),
            without_dependencies: true,
            ..problem.clone()
        };
        // Its warnings would be those of uv once more.
        packages.extend(pip::solve(&rest, helpers)?.packages);
    }
    Ok(Solution { packages, warnings })
}

/// Requirements for exactly these versions.
fn pins(problem: &Problem<'_>, versions: Vec<(String, String)>) -> Vec<Requirement> {
    // pip takes hashes for all or for none. What it finds is held against them in any case.
    let hashed = versions.iter().all(|(name, _)| problem.hashes.names(name));
    let pins = versions.into_iter().map(|(name, version)| Requirement {
        text: format!("{name}=={version}"),
        hashes: if hashed {
            problem.hashes.texts(&name)
        } else {
            Vec::new()
        },
        name,
        origin: String::new(),
    });
    pins.collect()
}
