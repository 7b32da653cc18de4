//! Checks what no compiler checks.
//!
//! [`check`] reads a workspace and the rules in `tools/tidy/rules.toml`, and returns a [`Finding`] for
//! each place that breaks one. `cargo run -q -p eryx-tidy` prints them.
//!
//! Start with [`rules`]: each rule is a file there. A rule looks at a [`house::House`]: [`tree`] has the
//! files, [`packages`] what cargo knows of the workspace, and [`code`] which file imports which, read
//! from the code itself.

pub mod code;
mod components;
pub mod finding;
pub mod house;
pub mod packages;
mod prose;
pub mod rules;
pub mod settings;
pub mod tree;

pub use finding::Finding;

use anyhow::Result;
use std::path::Path;

/// Checks the workspace at `root` with every rule.
///
/// # Errors
///
/// The workspace cannot be read, or its code or its rules cannot be parsed.
pub fn check(root: &Path) -> Result<Vec<Finding>> {
    let house = house::House::read(root)?;
    let mut findings = Vec::new();
    for rule in rules::all() {
        findings.extend(rule.check(&house)?);
    }
    findings.sort();
    Ok(findings)
}
