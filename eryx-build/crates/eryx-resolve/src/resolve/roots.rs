//! Where resolving starts: the requirements of the manifest, and those of local wheels.

use std::collections::BTreeSet;

use eryx_manifest::Requirement;
use eryx_packaging::environment;
use eryx_packaging::requirement;

use eryx_packaging::requirement::{is_address, without_address};

use super::local::LocalWheel;
use super::request::Request;
use super::solve::error::SolveError;

/// The requirements that hold in the sandbox: the manifest's own, and those of local wheels.
///
/// # Errors
/// A local wheel requires an address that the manifest does not name.
pub(super) fn of(
    request: &Request<'_>,
    wheels: &[LocalWheel],
    exclude: &BTreeSet<String>,
) -> Result<Vec<Requirement>, SolveError> {
    let packages = request.packages;
    let environment = environment::sandbox(request.python);
    let is_wanted = |one: &Requirement| {
        !exclude.contains(&one.name) && requirement::holds(&one.text, environment.as_ref())
    };
    let own = packages.requirements.iter().filter(|one| is_wanted(one));
    let mut roots: Vec<Requirement> = own.cloned().collect();
    for wheel in wheels {
        for (name, text) in &wheel.requires {
            let mut requirement = Requirement {
                text: text.clone(),
                name: name.clone(),
                hashes: Vec::new(),
                origin: format!("required by {}", wheel.file_name()),
            };
            if !is_wanted(&requirement) {
                continue;
            }
            let is_named = |one: &Requirement| one.name == *name;
            if let Some(bare) = without_address(text)
                && !packages.overrides.iter().any(is_named)
            {
                let mut own = packages.requirements.iter().chain(&packages.constraints);
                if !own.any(|one| is_named(one) && is_address(&one.text)) {
                    return Err(SolveError::Address {
                        requirement: text.clone(),
                        required_by: wheel.file_name(),
                        package: name.clone(),
                        required: String::new(),
                    });
                }
                // Which address it is, the manifest says.
                requirement.text = bare;
            }
            roots.push(requirement);
        }
    }
    Ok(roots)
}
