//! No file has so many lines that it has two subjects.

use super::Rule;
use crate::{Finding, house::House, settings::Exception};
use anyhow::Result;

/// No file has so many lines that it has two subjects.
#[derive(Debug)]
pub(crate) struct Size;

impl Rule for Size {
    fn check(&self, house: &House) -> Result<Vec<Finding>> {
        let size = &house.settings.size;
        let mut findings = Vec::new();
        for (path, text) in house.tree.texts() {
            let is = |globs: &[crate::settings::Glob]| globs.iter().any(|glob| glob.matches(path));
            if !is(&size.files) {
                continue;
            }
            let most = if is(&size.tests) {
                size.lines_of_tests
            } else {
                size.lines
            };
            let lines = text.lines().count();
            if lines > most && !Exception::excuses(&size.except, path) {
                let message = format!(
                    "{lines} lines, more than {most}: such a file has two subjects as a rule; split it by \
                     subject, or say in [size] why it has one"
                );
                findings.push(Finding::new(path, lines, message));
            }
        }
        findings.extend(house.settings.unused(&size.except));
        Ok(findings)
    }
}
