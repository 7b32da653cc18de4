//! Everything that a rule may look at.

use crate::{code::Code, packages::Packages, settings::Settings, tree::Tree};
use anyhow::Result;
use std::path::Path;

/// Everything that a rule may look at.
#[derive(Debug)]
pub struct House {
    /// The files.
    pub tree: Tree,
    /// The crates and what they depend on.
    pub packages: Packages,
    /// The modules and what they import.
    pub code: Code,
    /// What the rules are.
    pub settings: Settings,
}

impl House {
    /// Reads the workspace at `root`.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or its code or its rules cannot be parsed.
    pub fn read(root: &Path) -> Result<Self> {
        let tree = Tree::read(root)?;
        let settings = Settings::read(&tree)?;
        let packages = Packages::read(root)?;
        let code = Code::read(&packages)?;
        Ok(Self {
            tree,
            packages,
            code,
            settings,
        })
    }
}
