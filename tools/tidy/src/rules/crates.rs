//! Each crate depends on those crates of the workspace that it may, and on no others.

use super::Rule;
use crate::{Finding, house::House, settings};
use anyhow::Result;

/// Each crate depends on those crates of the workspace that it may, and on no others. What only its tests
/// need does not count.
#[derive(Debug)]
pub(crate) struct Crates;

impl Rule for Crates {
    fn check(&self, house: &House) -> Result<Vec<Finding>> {
        let packages = &house.packages;
        let allowed = &house.settings.crates;
        let mut findings = Vec::new();
        for package in &packages.members {
            let path = packages.relative(&package.manifest_path);
            let Some(allowed) = allowed.get(&package.name) else {
                let message = format!(
                    "the crate {} is not in the table [crates], which says what each may depend on; add it \
                     to {}",
                    package.name,
                    settings::PATH
                );
                findings.push(Finding::new(&path, 1, message));
                continue;
            };
            let manifest = house
                .tree
                .file(&path)
                .and_then(|file| file.text())
                .unwrap_or("");
            for dependency in &package.dependencies {
                let name = &dependency.name;
                let for_tests = dependency.kind.as_deref() == Some("dev");
                if for_tests || packages.member(name).is_none() || allowed.contains(name) {
                    continue;
                }
                let line = manifest
                    .lines()
                    .position(|line| line.starts_with(name.as_str()));
                let message = format!(
                    "{} must not depend on {name}; move what it needs to where it may reach it, or allow it \
                     in {} and say there why",
                    package.name,
                    settings::PATH
                );
                findings.push(Finding::new(
                    &path,
                    line.map_or(1, |line| line + 1),
                    message,
                ));
            }
        }
        for name in allowed
            .keys()
            .filter(|name| packages.member(name).is_none())
        {
            let message = format!("there is no crate {name} any more; remove it");
            findings.push(house.settings.finding(&format!("{name} ="), message));
        }
        Ok(findings)
    }
}
