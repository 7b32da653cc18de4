//! Whether a lock has all that is asked for: it may be another tool's, or edited.

use std::str::FromStr as _;

use pep440_rs::Version;
use pep508_rs::VersionOrUrl;

use eryx_manifest::Requirement;
use eryx_packaging::environment;
use eryx_packaging::requirement;

use super::local::LocalWheel;
use super::lock::Lock;
use super::request::Request;

/// What a lock lacks, a phrase each: of the requirements that hold in the sandbox, of the wheels of
/// the host, and of what its own packages require of each other.
pub(super) fn lacks(
    lock: &Lock,
    request: &Request<'_>,
    roots: &[Requirement],
    wheels: &[LocalWheel],
) -> Vec<String> {
    let find = |name: &str| lock.packages.iter().find(|one| one.name == name);
    let overrides = &request.packages.overrides;
    let is_replaced = |root: &&Requirement| overrides.iter().any(|one| one.name == root.name);
    let (replaced, own): (Vec<&Requirement>, Vec<&Requirement>) =
        roots.iter().partition(is_replaced);
    let replacing = overrides
        .iter()
        .filter(|one| replaced.iter().any(|root| root.name == one.name));
    let mut lacks = Vec::new();
    for requirement in own.into_iter().chain(replacing) {
        let text = &requirement.text;
        match find(&requirement.name) {
            None if holds(text, request.python) => {
                lacks.push(format!("`{text}` is not in it"));
            }
            Some(package) if !satisfies(&package.version, text, request.python) => {
                lacks.push(format!("its {} is not `{text}`", package.version));
            }
            _ => {}
        }
    }
    for wheel in wheels.iter().filter(|wheel| find(&wheel.name).is_none()) {
        lacks.push(format!("`{}` is not in it", wheel.file_name()));
    }
    for package in &lock.packages {
        for name in package.dependencies.iter().filter(|name| {
            // A foreign lock may name what is for other machines.
            lock.inputs.is_some() && find(name).is_none()
        }) {
            let requiring = &package.name;
            lacks.push(format!(
                "`{name}`, which {requiring} requires, is not in it"
            ));
        }
    }
    lacks
}

fn holds(text: &str, python: &str) -> bool {
    requirement::holds(text, environment::sandbox(python).as_ref())
}

/// Whether a version is one that a requirement asks for. What cannot be read asks for nothing.
fn satisfies(version: &str, text: &str, python: &str) -> bool {
    let Ok(Some(VersionOrUrl::VersionSpecifier(asked))) =
        requirement::parse(text).map(|one| one.version_or_url)
    else {
        return true;
    };
    let is_one = Version::from_str(version).is_ok_and(|version| asked.contains(&version));
    is_one || !holds(text, python)
}
