//! What pip's output says about why there is no solution.

use std::collections::BTreeSet;

use crate::installer::{
    Installer, InstallerError, Job, Outcome, PipOptions, indented, index_arguments, says_network,
};
use eryx_packaging::{chain, normalize_package_name};

use super::error::SolveError;
use super::problem::Problem;

/// How many versions an error message lists.
const VERSIONS_SHOWN: usize = 5;

/// Turns a failed resolution into an error, asking pip once more when a package is not to be had, to
/// find out whether it is the name, the version or the platform.
pub(super) fn failure(
    installer: &Installer,
    options: &PipOptions,
    problem: &Problem<'_>,
    outcome: &Outcome,
) -> SolveError {
    let network = |outcome: &Outcome| SolveError::Network {
        installer: installer.display(),
        output: outcome.last_errors(),
    };
    if let Some(refused) = refused(&outcome.errors) {
        return refused;
    }
    if says_network(&outcome.errors) {
        return network(outcome);
    }
    if asks_for_hashes(&outcome.errors) {
        let output = outcome.last_errors();
        return SolveError::HashesForAll { output };
    }
    if let Some(output) = conflict(outcome) {
        return SolveError::Conflict { output };
    }
    let failed = |outcome: &Outcome| SolveError::Failed {
        installer: installer.display(),
        output: outcome.last_errors(),
    };
    let Some(unmatched) = Unmatched::find(&outcome.errors) else {
        return failed(outcome);
    };
    let package = normalize_package_name(&unmatched.package);
    let required = unmatched.required(problem);
    let versions = match versions(installer, options, problem, &package) {
        Ok(listed) if says_network(&listed.errors) => return network(&listed),
        Ok(listed) => available_versions(&listed.lines),
        Err(_) => return failed(outcome),
    };
    let requirement = unmatched.requirement;
    if versions.is_empty() {
        return SolveError::NoPackage {
            package,
            required,
            installer: installer.display(),
        };
    }
    if unmatched.nothing_seen {
        return SolveError::NothingFits {
            package,
            requirement,
            required,
        };
    }
    let shown = versions.iter().take(VERSIONS_SHOWN).cloned();
    let mut available = shown.collect::<Vec<_>>().join(", ");
    if versions.len() > VERSIONS_SHOWN {
        available.push_str(" and older ones");
    }
    SolveError::NoVersion {
        package,
        requirement,
        required,
        available,
    }
}

/// Whether pip wants hashes for what has none, because something else has one.
fn asks_for_hashes(lines: &[String]) -> bool {
    lines.iter().any(|line| {
        line.contains("In --require-hashes mode") || line.contains("Hashes are required in")
    })
}

/// What our script refused.
fn refused(lines: &[String]) -> Option<SolveError> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct Refused {
        package: String,
        requirement: String,
        required_by: String,
        #[serde(default)]
        chain: Vec<String>,
    }
    let mut lines = lines.iter();
    let refused = lines.find_map(|line| {
        let line = line.strip_prefix("eryx refuses ")?;
        serde_json::from_str::<Refused>(line).ok()
    })?;
    Some(SolveError::Address {
        package: refused.package,
        requirement: refused.requirement,
        required_by: refused.required_by,
        required: chain::words(&refused.chain),
    })
}

/// Asks the index which versions of a package there are, for whatever platform and Python.
fn versions(
    installer: &Installer,
    options: &PipOptions,
    problem: &Problem<'_>,
    package: &str,
) -> Result<Outcome, InstallerError> {
    let mut arguments = vec![
        "index".to_owned(),
        "versions".to_owned(),
        "--pre".to_owned(),
    ];
    arguments.extend(options.target_arguments());
    // Where else it is known, and no private name is for any other index to see.
    arguments.extend(problem.packages.into_iter().flat_map(index_arguments));
    arguments.extend(["--".to_owned(), package.to_owned()]);
    let mut options = options.clone();
    options.every_wheel = true;
    installer.run(&Job::new(&options, arguments))
}

/// A requirement that nothing satisfies, out of pip's `Could not find a version that satisfies the
/// requirement X>=1 (from Y) (from versions: 0.1, 0.2)`.
struct Unmatched {
    requirement: String,
    package: String,
    from: Option<String>,
    /// The packages that require it, from what the manifest asks for to the last one, as far as our
    /// script tells.
    chain: Vec<String>,
    /// Whether pip saw no version at all.
    nothing_seen: bool,
}

impl Unmatched {
    fn find(lines: &[String]) -> Option<Self> {
        #[derive(serde::Deserialize)]
        struct Told {
            chain: Vec<String>,
        }
        let told = lines.iter().find_map(|line| {
            let line = line.strip_prefix("eryx unmatched ")?;
            serde_json::from_str::<Told>(line).ok()
        });
        let chain = told.map(|told| told.chain).unwrap_or_default();
        lines.iter().find_map(|line| {
            let rest = line.split_once("satisfies the requirement ")?.1;
            let (rest, versions) = match rest.rsplit_once(" (from versions: ") {
                Some((rest, versions)) => (rest, versions),
                None => (rest, ""),
            };
            let (requirement, from) = match rest.split_once(" (from ") {
                Some((requirement, from)) => (requirement, Some(from.trim_end_matches(')'))),
                None => (rest, None),
            };
            let name = |character: char| {
                character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.')
            };
            Some(Self {
                requirement: requirement.trim().to_owned(),
                package: requirement.chars().take_while(|one| name(*one)).collect(),
                from: from.map(str::to_owned),
                chain: chain.clone(),
                nothing_seen: versions.starts_with("none"),
            })
        })
    }

    /// Who requires it, up to the manifest, as a part of a sentence.
    fn required(&self, problem: &Problem<'_>) -> String {
        let package = normalize_package_name(&self.package);
        if !self.chain.is_empty() {
            let mut chain = self.chain.clone();
            chain.push(package);
            return chain::words(&chain);
        }
        let own = problem.requirements.iter().find(|one| one.name == package);
        match (own, &self.from) {
            (Some(own), _) if !own.origin.is_empty() => format!(" ({})", own.origin),
            // What comes from our own temporary file of requirements says nothing to anybody.
            (_, Some(from)) if !from.contains("-r ") && !from.contains("-c ") => {
                format!(", which {from} requires")
            }
            _ => String::new(),
        }
    }
}

/// pip's explanation of a conflict, if that is what it met.
fn conflict(outcome: &Outcome) -> Option<String> {
    let is_conflict = |line: &String| {
        line.contains("ResolutionImpossible") || line.contains("conflicting dependencies")
    };
    if !outcome.errors.iter().any(is_conflict) {
        return None;
    }
    let start = outcome
        .lines
        .iter()
        .position(|line| line.contains("The conflict is caused by"));
    let lines = outcome.lines.get(start?.saturating_add(1)..)?;
    // pip repeats what stays the same for each version that it tried.
    let mut seen = BTreeSet::new();
    let lines: Vec<String> = lines
        .iter()
        .take_while(|line| !line.starts_with("To fix this"))
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty() && seen.insert(line.clone()))
        .collect();
    Some(indented(&lines).trim_end().to_owned())
}

/// The versions in pip's `Available versions: 1.1, 1.0`, newest first.
fn available_versions(lines: &[String]) -> Vec<String> {
    let listed = lines
        .iter()
        .find_map(|line| line.strip_prefix("Available versions:"));
    let versions = listed.unwrap_or_default().split(',').map(str::trim);
    versions
        .filter(|version| !version.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn the_requirement_that_nothing_satisfies_is_read() {
        let output = lines(
            "ERROR: Could not find a version that satisfies the requirement numpy>=9 (from scipy) \
             (from versions: 2.3.4, 2.3.5)\nERROR: No matching distribution found for numpy>=9",
        );
        let unmatched = Unmatched::find(&output).unwrap();
        assert_eq!(unmatched.requirement, "numpy>=9");
        assert_eq!(unmatched.package, "numpy");
        assert!(!unmatched.nothing_seen);
        let problem = Problem::default();
        assert_eq!(unmatched.required(&problem), ", which scipy requires");
        let told = format!("eryx unmatched {}", r#"{"chain": ["jupyter", "scipy"]}"#);
        let unmatched = Unmatched::find(&[&[told], &output[..]].concat()).unwrap();
        assert_eq!(
            unmatched.required(&problem),
            " (`jupyter` requires `scipy`, which requires `numpy`)"
        );
        let output = lines("ERROR: … satisfies the requirement x (from versions: none)");
        let unmatched = Unmatched::find(&output).unwrap();
        assert!(unmatched.nothing_seen);
        assert_eq!(unmatched.required(&problem), "");
        assert!(Unmatched::find(&lines("ERROR: disk full")).is_none());
    }

    #[test]
    fn a_conflict_is_told_in_the_words_of_pip() {
        let outcome = Outcome {
            success: false,
            lines: lines(
                "Collecting a\n\nThe conflict is caused by:\n    a 1.0 depends on b<1\n    \
                 b 2.0\n    a 1.0 depends on b<1\n\nTo fix this you could try to:\n1. loosen",
            ),
            errors: lines("ERROR: ResolutionImpossible: for help visit …"),
        };
        let text = conflict(&outcome).unwrap();
        assert_eq!(text, "  a 1.0 depends on b<1\n  b 2.0");
        assert!(conflict(&Outcome::default()).is_none());
    }

    #[test]
    fn versions_are_read() {
        let output = lines("six (1.17.0)\nAvailable versions: 1.17.0, 1.16.0");
        assert_eq!(available_versions(&output), ["1.17.0", "1.16.0"]);
        assert!(available_versions(&[]).is_empty());
    }
}
