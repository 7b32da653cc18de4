//! `cargo xtask try`: from a clone to a program in a sandbox.

use crate::{step, workspace::Workspace};
use anyhow::{Result, ensure};
use std::{
    env,
    ffi::OsString,
    process::{Command, Stdio},
};

/// Builds both halves, bakes the example and runs it.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let missing = missing();
    ensure!(
        missing.is_empty(),
        "before anything is built:\n  {}",
        missing.join("\n  ")
    );
    step::say("The first build takes about 10 minutes on two cores, later ones seconds.");
    workspace.build()?;
    let eryx = workspace.binary("eryx");
    let command = |arguments: &[&str]| {
        let mut command = Command::new(&eryx);
        command.current_dir(&workspace.root).args(arguments);
        command
    };
    step::run(
        "Bake the example",
        &mut command(&["build", "-f", "eryx.toml.example"]),
    )?;
    step::run(
        "Run it in its sandbox",
        &mut command(&["run", "example.cwasm"]),
    )?;
    step::say(&format!(
        "Now try your own: {} run example.cwasm -c 'print(1)'",
        eryx.strip_prefix(&workspace.root)
            .unwrap_or(&eryx)
            .display()
    ));
    Ok(())
}

/// What has to be installed first, a sentence each.
fn missing() -> Vec<&'static str> {
    let python = env::var_os("ERYX_PYTHON").unwrap_or_else(|| "python3".into());
    let linker = env::var_os("CC").unwrap_or_else(|| "cc".into());
    let mut missing = Vec::new();
    if !works(&linker, &["--version"]) {
        missing.push(
            "cc is missing, which Rust links with: install a C compiler, such as the package gcc",
        );
    }
    if !works(&python, &["-m", "pip", "--version"]) && !works(&"uv".into(), &["--version"]) {
        missing.push(
            "pip and uv are missing, one of which downloads packages: install Python 3 with pip, such as \
             the package python3-pip, or uv",
        );
    }
    missing
}

fn works(program: &OsString, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
