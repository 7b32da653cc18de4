//! No part of the code names what it must not know.

use super::Rule;
use crate::{
    Finding,
    code::{Code, Target},
    house::House,
};
use anyhow::Result;
use std::collections::BTreeSet;

/// No part of the code names what it must not know, be it handed on by others or not.
#[derive(Debug)]
pub(crate) struct MustNotKnow;

impl Rule for MustNotKnow {
    fn check(&self, house: &House) -> Result<Vec<Finding>> {
        let code = &house.code;
        let mut findings = Vec::new();
        for rule in &house.settings.must_not_know {
            if !code.files.iter().any(|file| is_below(&file.path, &rule.of)) {
                let message = format!(
                    "there is no code in {}; correct or remove the rule",
                    rule.of
                );
                findings.push(house.settings.finding(&format!("{:?}", rule.of), message));
            }
            // Once is enough for a name of a file.
            let mut seen = BTreeSet::new();
            let imports = code.imports.iter();
            for import in imports.filter(|import| is_below(&code.files[import.from].path, &rule.of))
            {
                let Some(name) = rule
                    .names
                    .iter()
                    .find(|name| names(code, &import.target, name))
                else {
                    continue;
                };
                if !seen.insert((import.from, &import.name)) {
                    continue;
                }
                findings.push(Finding::new(
                    &code.files[import.from].path,
                    import.line,
                    format!(
                        "imports {} of {name}, which {} must not know: {}; pass it in, or move it to \
                         where both may reach it",
                        import.name, rule.of, rule.because
                    ),
                ));
            }
        }
        Ok(findings)
    }
}

fn names(code: &Code, target: &Target, name: &str) -> bool {
    match target {
        Target::Crate(found) => found == name,
        Target::File(file) => {
            let file = &code.files[*file];
            file.package == name || is_below(&file.path, name)
        }
    }
}

/// Whether a path is this file, or below this directory.
fn is_below(path: &str, place: &str) -> bool {
    let rest = path.strip_prefix(place.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
