//! No file is large or binary.

use super::Rule;
use crate::{Finding, house::House, settings::Exception};
use anyhow::Result;

/// No file is large or binary: fixtures are made by code.
#[derive(Debug)]
pub(crate) struct Bytes;

impl Rule for Bytes {
    fn check(&self, house: &House) -> Result<Vec<Finding>> {
        let rule = &house.settings.bytes;
        let mut findings = Vec::new();
        for file in &house.tree.files {
            let size = file.bytes.len();
            if size > rule.largest {
                let message = format!("{size} bytes, more than {}; make it by code", rule.largest);
                findings.push(Finding::new(&file.path, 1, message));
            }
            if file.text().is_none() && !Exception::excuses(&rule.except, &file.path) {
                let message = "binary, so no change of it can be read; make it by code";
                findings.push(Finding::new(&file.path, 1, message));
            }
        }
        findings.extend(house.settings.unused(&rule.except));
        Ok(findings)
    }
}
