//! What is to be resolved, and how pip and uv are told.

use std::collections::{BTreeMap, BTreeSet};

use eryx_manifest::{PackagesSection, Requirement};
use eryx_packaging::requirement::is_address;

use crate::installer::PipOptions;
use crate::resolve::choice::Preference;
use crate::resolve::hashes::AllowedHashes;

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

impl Problem<'_> {
    pub(super) fn pip_options(&self) -> PipOptions {
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

    pub(super) fn preference(&self) -> Preference<'_> {
        Preference {
            hashes: Some(&self.hashes),
            ..self
                .packages
                .map_or_else(Preference::default, Preference::of)
        }
    }

    /// The requirements as a file of pip's format, with the overrides in their places.
    pub(super) fn requirement_lines(&self) -> String {
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

    pub(super) fn constraint_lines(&self) -> String {
        let own = self.packages.into_iter().flat_map(|one| &one.constraints);
        let more = self.constraints.iter().map(|text| format!("{text}\n"));
        own.map(line).chain(more).collect()
    }
}

/// A requirement as a line of pip's format.
pub(super) fn line(requirement: &Requirement) -> String {
    let mut line = requirement.text.clone();
    for hash in &requirement.hashes {
        line.push_str(" --hash=");
        line.push_str(hash);
    }
    line.push('\n');
    line
}
