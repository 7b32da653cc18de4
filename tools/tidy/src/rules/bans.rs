//! Some crates never get into others.

use super::Rule;
use crate::{Finding, house::House};
use anyhow::Result;

/// Some crates never get into others, not even through others.
#[derive(Debug)]
pub(crate) struct Bans;

impl Rule for Bans {
    fn check(&self, house: &House) -> Result<Vec<Finding>> {
        let mut findings = Vec::new();
        for ban in &house.settings.bans {
            for name in &ban.crates {
                let Some(package) = house.packages.member(name) else {
                    let message = format!("there is no crate {name} any more; remove it");
                    findings.push(house.settings.finding(&format!("{name:?}"), message));
                    continue;
                };
                let path = house.packages.relative(&package.manifest_path);
                for found in house.packages.closure(name, ban.also_for_tests)? {
                    if ban.never.iter().any(|never| never.matches(&found)) {
                        let message = format!(
                            "{found} gets into {name}: {}; `cargo tree -p {name} -i {found}` shows by what",
                            ban.because
                        );
                        findings.push(Finding::new(&path, 1, message));
                    }
                }
            }
        }
        Ok(findings)
    }
}
