//! The same word always means the same thing, and is written in one way.

use super::Rule;
use crate::{
    Finding,
    house::House,
    prose::{Pattern, Word, words},
    settings::Exception,
};
use anyhow::Result;

/// The same word always means the same thing, and is written in one way.
#[derive(Debug)]
pub(crate) struct Words;

impl Rule for Words {
    fn check(&self, house: &House) -> Result<Vec<Finding>> {
        let mut findings = Vec::new();
        let rules: Vec<_> = house
            .settings
            .words
            .iter()
            .map(|rule| {
                let patterns: Vec<_> = rule.words.iter().map(|text| Pattern::new(text)).collect();
                (rule, patterns)
            })
            .collect();
        for (path, text) in house.tree.texts() {
            // The rules and their tests have all the words.
            if path.starts_with("tools/tidy/") {
                continue;
            }
            let found = words(path, text);
            for (rule, patterns) in &rules {
                for (index, word) in found.iter().enumerate() {
                    let here = |pattern: &&Pattern| pattern.matches(&found[index..]);
                    if word.is_in(rule.place)
                        && let Some(pattern) = patterns.iter().find(here)
                        && !Exception::excuses(&rule.except, path)
                    {
                        findings.push(finding(path, word, pattern, &rule.write));
                    }
                }
            }
        }
        for rule in &house.settings.words {
            findings.extend(house.settings.unused(&rule.except));
        }
        Ok(findings)
    }
}

fn finding(path: &str, word: &Word<'_>, pattern: &Pattern, write: &str) -> Finding {
    let message = format!("`{pattern}` is no word of this project's; write {write}");
    Finding::new(path, word.line, message)
}
