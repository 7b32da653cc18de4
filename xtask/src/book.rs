//! `cargo xtask book`: the documentation as web pages.

use crate::{step, tools, workspace::Workspace};
use anyhow::Result;
use std::process::Command;

/// Builds the book in `target/book`.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut command = Command::new(tools::mdbook(workspace)?);
    command
        .current_dir(&workspace.root)
        .args(["build", "docs", "--dest-dir"]);
    command.arg(workspace.target.join("book"));
    step::run("Build the book", &mut command)
}
