//! Some texts are nowhere in the tree.

use super::Rule;
use crate::{Finding, house::House, settings::Exception};
use anyhow::Result;

/// Some texts are nowhere in the tree, such as registries and directories of a developer's machine.
#[derive(Debug)]
pub(crate) struct Texts;

impl Rule for Texts {
    fn check(&self, house: &House) -> Result<Vec<Finding>> {
        let mut findings = Vec::new();
        for rule in &house.settings.texts {
            let texts: Vec<String> = rule.texts.iter().map(|parts| parts.concat()).collect();
            for (path, content) in house.tree.texts() {
                for (index, line) in content.lines().enumerate() {
                    let allowed = |at| rule.allow.iter().any(|allow| line[at..].starts_with(allow));
                    let has =
                        |text: &&String| line.match_indices(*text).any(|(at, _)| !allowed(at));
                    if let Some(text) = texts.iter().find(has)
                        && !Exception::excuses(&rule.except, path)
                    {
                        let message = format!("has {text}: {}", rule.because);
                        findings.push(Finding::new(path, index + 1, message));
                    }
                }
            }
            findings.extend(house.settings.unused(&rule.except));
        }
        Ok(findings)
    }
}
