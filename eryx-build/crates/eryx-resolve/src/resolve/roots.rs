//! Where resolving starts: the requirements of the manifest, and those of local wheels.

use std::collections::BTreeSet;

use pep508_rs::VersionOrUrl;

use eryx_manifest::Requirement;
use eryx_packaging::environment;
use eryx_packaging::requirement;

use super::Request;
use super::local::LocalWheel;
use super::solve::SolveError;

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

/// Whether a requirement names an address: `name @ address`.
pub(super) fn is_address(text: &str) -> bool {
    without_address(text).is_some()
}

/// What is left of a requirement that names an address, without it and without its marker.
fn without_address(text: &str) -> Option<String> {
    let parsed = requirement::parse(text).ok()?;
    let Some(VersionOrUrl::Url(_)) = parsed.version_or_url else {
        return None;
    };
    let extras: Vec<&str> = parsed.extras.iter().map(AsRef::as_ref).collect();
    let extras = match extras.as_slice() {
        [] => String::new(),
        extras => format!("[{}]", extras.join(",")),
    };
    Some(format!("{}{extras}", parsed.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_from_versions() {
        let address = "B[x,y] @ git+https://packages.example.com/b ; os_name == 'posix'";
        assert_eq!(without_address(address).as_deref(), Some("b[x,y]"));
        assert!(!is_address("b>=1"));
    }
}
