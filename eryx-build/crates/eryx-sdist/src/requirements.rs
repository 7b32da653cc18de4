//! What a build requires (PEP 508): the requirements of a stranger, made safe to hand on.

use pep508_rs::{MarkerTree, VersionOrUrl};

use eryx_packaging::{environment, requirement};

use super::error::SourceProblem;

/// The most requirements that one build may have.
const MAX_REQUIREMENTS: usize = 1_000;

/// The requirements that hold in the sandbox, in their canonical form without markers.
///
/// Addresses are refused: a source distribution must not choose which file of the host, or of the
/// network that the host is in, is opened.
pub(super) fn for_sandbox(texts: &[String], python: &str) -> Result<Vec<String>, SourceProblem> {
    let invalid = |text: &str, problem: String| SourceProblem::Requirement {
        requirement: text.chars().take(200).collect(),
        problem,
    };
    if texts.len() > MAX_REQUIREMENTS {
        let problem = format!("is one of more than {MAX_REQUIREMENTS}");
        let first = texts.first().map(String::as_str).unwrap_or_default();
        return Err(invalid(first, problem));
    }
    let environment = environment::sandbox(python);
    let mut found = Vec::new();
    for text in texts {
        let mut requirement =
            requirement::parse(text).map_err(|error| invalid(text, error.to_string()))?;
        let holds = environment
            .as_ref()
            .is_none_or(|environment| requirement.marker.evaluate(environment, &[]));
        if !holds {
            continue;
        }
        if let Some(VersionOrUrl::Url(_)) = requirement.version_or_url {
            let problem = "names an address, and builds may only name packages".to_owned();
            return Err(invalid(text, problem));
        }
        requirement.marker = MarkerTree::TRUE;
        found.push(requirement.to_string());
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str]) -> Result<Vec<String>, SourceProblem> {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        for_sandbox(&texts, "3.14.0")
    }

    #[test]
    fn markers_are_those_of_the_sandbox() {
        let found = read(&[
            "Cython>=3.0; python_version >= '3.13'",
            "colorama; os_name == 'nt'",
            "ruff; extra == 'all'",
            "hatch_vcs [toml] ~=0.4",
        ]);
        assert_eq!(found.unwrap(), ["cython>=3.0", "hatch-vcs[toml]~=0.4"]);
    }

    #[test]
    fn addresses_options_and_nonsense_are_refused() {
        let long = format!("a{}", " ".repeat(requirement::MAX_REQUIREMENT_BYTES));
        for text in [
            "a @ https://example.com/a.whl",
            "a @ file:///etc/passwd",
            "./a",
            "-r requirements.txt",
            "--index-url=https://example.com",
            "a\n--pre",
            "",
            long.as_str(),
        ] {
            let found = read(&[text]);
            assert!(
                matches!(found, Err(SourceProblem::Requirement { .. })),
                "{text:?} {found:?}"
            );
        }
        assert!(read(&["a"; MAX_REQUIREMENTS + 1]).is_err());
    }
}
