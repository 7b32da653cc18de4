//! Which file imports which, read from the code itself.
//!
//! In reading order: `model` has the words, `modules` reads files into modules with the names that
//! each declares, `names` finds the file that defines what a path means, and `imports` asks that for
//! every path in the code. Tests are left out.

mod attributes;
mod imports;
mod model;
mod modules;
mod names;

pub use model::{Code, Import, Target};

use crate::packages::Packages;
use anyhow::Result;

impl Code {
    /// Reads all libraries, binaries and build scripts of the workspace.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or is no Rust.
    pub fn read(packages: &Packages) -> Result<Self> {
        let modules = modules::read(packages)?;
        let imports = imports::read(&modules);
        Ok(Self {
            files: modules.files,
            imports,
        })
    }
}
