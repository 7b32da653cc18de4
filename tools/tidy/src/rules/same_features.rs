//! What several commands of cargo compile has the same features in each.

use super::Rule;
use crate::{Finding, house::House};
use anyhow::Result;

/// The crates that get into a binary have the same features there, in the tests of the workspace, and in
/// other crates that are built by themselves: otherwise cargo compiles them, and all that stands on
/// them, once more for each.
#[derive(Debug)]
pub(crate) struct SameFeatures;

impl Rule for SameFeatures {
    fn check(&self, house: &House) -> Result<Vec<Finding>> {
        let Some(rule) = &house.settings.same_features else {
            return Ok(Vec::new());
        };
        let packages = &house.packages;
        let of = packages.features(&["-p", &rule.of, "-e", "normal,no-proc-macro"])?;
        let tests = ["--workspace", "-e", "normal,dev,no-proc-macro"];
        let mut others = vec![("the tests of the workspace", packages.features(&tests)?)];
        for other in &rule.also {
            let options = ["-p", other, "-e", "normal,no-proc-macro"];
            others.push((other, packages.features(&options)?));
        }
        let mut findings = Vec::new();
        for (place, other) in others {
            for (name, features) in &of {
                let Some(theirs) = other.get(name) else {
                    continue;
                };
                let differing: Vec<&str> = (features.symmetric_difference(theirs))
                    .map(String::as_str)
                    .collect();
                if !differing.is_empty() {
                    let message = format!(
                        "{name} has other features in {place} than in {} (`{}`), so that cargo compiles \
                         it and all that stands on it once more: {}; have both ask for them, or neither: \
                         `cargo tree -e features,normal,dev -i {}` shows who does",
                        rule.of,
                        differing.join("`, `"),
                        rule.because,
                        name.split(' ').next().unwrap_or(name)
                    );
                    findings.push(house.settings.finding("[same-features]", message));
                }
            }
        }
        Ok(findings)
    }
}
