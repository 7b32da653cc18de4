//! Requirements → exact files, by a resolver that people trust: uv when it is there, else pip, each
//! with its own configuration.
//!
//! uv resolves among wheels alone, since it would run build backends on this machine; what has no
//! wheel that fits, and what uv can't resolve without building, is pip's, which is run in a way that
//! leaves the building to the sandbox.

mod diagnose;
mod error;
mod pip;
mod report;
mod uv;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io::Write as _;

use crate::installer::{Answering, PipOptions};
use eryx_cache::Cache;
use eryx_manifest::{PackagesSection, Requirement};

use super::choice::Preference;
use super::hashes::AllowedHashes;
use super::lock::LockedPackage;
use super::roots::is_address;

pub use error::SolveError;

/// The environment variable that names the resolver: `uv` or `pip`; the first that is there if it
/// is not set.
pub const RESOLVER_VARIABLE: &str = "ERYX_RESOLVER";

/// What is to be resolved.
#[derive(Debug, Clone, Default)]
pub struct Problem<'a> {
    /// The requirements, all of which hold in the sandbox.
    pub requirements: Vec<Requirement>,
    /// The manifest's section, for everything else that it says.
    pub packages: Option<&'a PackagesSection>,
    /// More constraints (PEP 508).
    pub constraints: Vec<String>,
    /// The hashes that files may have.
    pub hashes: AllowedHashes,
    /// Normalised names of packages that no requirement brings in.
    pub exclude: BTreeSet<String>,
    /// The version of Python in the runtime, `3.14.0`.
    pub python: &'a str,
    /// Whether requirements of packages are left alone.
    pub without_dependencies: bool,
}

/// Who helps the resolver.
#[derive(Clone, Copy)]
pub struct Helpers<'a> {
    /// Where downloads are kept.
    pub cache: &'a Cache,
    /// Says what a source distribution requires.
    pub metadata: &'a Answering<'a>,
    /// Is told what is happening, one short line at a time.
    pub report: &'a (dyn Fn(&str) + Sync),
}

/// Resolves requirements to exact files, sorted by name.
///
/// # Errors
/// When there is no resolver, when it finds no solution or can't reach the index.
pub fn solve(
    problem: &Problem<'_>,
    helpers: &Helpers<'_>,
) -> Result<Vec<LockedPackage>, SolveError> {
    let named = std::env::var_os(RESOLVER_VARIABLE).filter(|name| !name.is_empty());
    let mut packages = match named.as_deref().and_then(OsStr::to_str) {
        Some("pip") => pip::solve(problem, helpers)?,
        Some("uv") => with_uv(problem, helpers)?,
        Some(name) => return Err(SolveError::Unknown(name.to_owned())),
        None if named.is_some() => return Err(SolveError::Unknown("?".to_owned())),
        None if uv::is_there() => with_uv(problem, helpers)?,
        None => pip::solve(problem, helpers)?,
    };
    packages.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(packages)
}

fn with_uv(problem: &Problem<'_>, helpers: &Helpers<'_>) -> Result<Vec<LockedPackage>, SolveError> {
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
    if !solution.without_wheel.is_empty() {
        let rest = Problem {
            requirements: pins(problem, solution.without_wheel),
            without_dependencies: true,
            ..problem.clone()
        };
        packages.extend(pip::solve(&rest, helpers)?);
    }
    Ok(packages)
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

impl Problem<'_> {
    fn pip_options(&self) -> PipOptions {
        let mut options = PipOptions::for_python(self.python);
        options.exclude = self.exclude.iter().cloned().collect();
        let asked = self.requirements.iter().map(|one| (&one.name, &one.text));
        let constraints = self.packages.into_iter().flat_map(|one| &one.constraints);
        options.addresses = asked
            .chain(constraints.map(|one| (&one.name, &one.text)))
            .filter(|(_, text)| is_address(text))
            .map(|(name, _)| name.clone())
            .collect();
        if let Some(packages) = self.packages {
            let overrides = packages.overrides.iter();
            options.overrides = overrides.map(|one| one.text.clone()).collect();
            options.foreign = packages.without_native.iter().cloned().collect();
            options.platform_tags.clone_from(&packages.platform_tags);
        }
        options
    }

    fn preference(&self) -> Preference<'_> {
        Preference {
            hashes: Some(&self.hashes),
            ..self
                .packages
                .map_or_else(Preference::default, preference_of)
        }
    }

    /// The requirements as a file of pip's format, with the overrides in their places.
    fn requirement_lines(&self) -> String {
        let overrides: BTreeMap<&str, Vec<&Requirement>> = self
            .packages
            .iter()
            .flat_map(|packages| &packages.overrides)
            .fold(BTreeMap::new(), |mut map, one| {
                map.entry(&one.name).or_insert_with(Vec::new).push(one);
                map
            });
        let mut lines = BTreeSet::new();
        for requirement in &self.requirements {
            match overrides.get(requirement.name.as_str()) {
                Some(others) => lines.extend(others.iter().map(|other| line(other))),
                None => {
                    lines.insert(line(requirement));
                }
            }
        }
        lines.into_iter().collect()
    }

    fn constraint_lines(&self) -> String {
        let own = self.packages.into_iter().flat_map(|one| &one.constraints);
        let more = self.constraints.iter().map(|text| format!("{text}\n"));
        own.map(line).chain(more).collect()
    }
}

/// What a manifest prefers among wheels.
#[must_use]
pub fn preference_of(packages: &PackagesSection) -> Preference<'_> {
    Preference {
        platform_tags: &packages.platform_tags,
        without_native: Some(&packages.without_native),
        hashes: None,
    }
}

fn line(requirement: &Requirement) -> String {
    let mut line = requirement.text.clone();
    for hash in &requirement.hashes {
        line.push_str(" --hash=");
        line.push_str(hash);
    }
    line.push('\n');
    line
}

/// A file of the cache's temporary folder with some text in it.
fn temporary_text(
    folder: &std::path::Path,
    name: &str,
    text: &str,
) -> Result<std::path::PathBuf, SolveError> {
    let path = folder.join(name);
    std::fs::File::create(&path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|source| SolveError::Temporary {
            path: path.clone(),
            source,
        })?;
    Ok(path)
}
