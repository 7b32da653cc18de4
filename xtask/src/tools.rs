//! Programs that are not in the tree and not part of Rust, in a directory of their own below `target`.

use crate::{step, workspace::Workspace};
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::{
    env, fs,
    path::PathBuf,
    process::{Command, Stdio},
};

/// The wheels that carry them, each with its version and hashes.
const REQUIREMENTS: &str = "tools/requirements.txt";

/// The version of mdBook.
const MDBOOK: &str = "0.5.4";

/// A program out of the wheels of `tools/requirements.txt`, installed by the user's own pip or uv.
pub(crate) fn from_wheel(workspace: &Workspace, name: &str) -> Result<PathBuf> {
    let requirements = workspace.root.join(REQUIREMENTS);
    let text = fs::read(&requirements).with_context(|| format!("cannot read {REQUIREMENTS}"))?;
    let digest = format!("{:x}", Sha256::digest(text));
    let directory = workspace.target.join("tools").join(&digest[..16]);
    let program = directory.join("bin").join(name);
    if !program.is_file() {
        let mut command = installer()?;
        command
            .args([
                "--no-deps",
                "--only-binary",
                ":all:",
                "--require-hashes",
                "--target",
            ])
            .arg(&directory)
            .arg("-r")
            .arg(&requirements);
        step::run(&format!("Install {name}"), &mut command)?;
    }
    Ok(program)
}

/// mdBook, compiled by cargo.
pub(crate) fn mdbook(workspace: &Workspace) -> Result<PathBuf> {
    let directory = workspace
        .target
        .join("tools")
        .join(format!("mdbook-{MDBOOK}"));
    let program = directory.join("bin/mdbook");
    if !program.is_file() {
        let version = format!("mdbook@{MDBOOK}");
        // Without the server, which is most of it.
        let arguments = [
            "install",
            "--quiet",
            "--locked",
            "--no-default-features",
            "--features",
        ];
        let mut command = workspace.cargo(&arguments);
        command.args(["search", &version, "--root"]).arg(&directory);
        command.env("CARGO_TARGET_DIR", workspace.target.join("tools/build"));
        // It runs for a second, and optimising it takes minutes.
        command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
        step::run("Compile mdBook", &mut command)?;
    }
    Ok(program)
}

fn installer() -> Result<Command> {
    let python = env::var_os("ERYX_PYTHON").unwrap_or_else(|| "python3".into());
    let pip = [
        python.to_string_lossy().into_owned(),
        "-m".into(),
        "pip".into(),
    ];
    let uv = ["uv".to_owned(), "pip".to_owned()];
    for words in [pip.as_slice(), uv.as_slice()] {
        let (program, arguments) = words.split_first().context("no program")?;
        let mut question = Command::new(program);
        question
            .args(arguments)
            .arg("--help")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if question.status().is_ok_and(|status| status.success()) {
            let mut command = Command::new(program);
            command.args(arguments).args(["install", "--quiet"]);
            command
                .env("PIP_ROOT_USER_ACTION", "ignore")
                .env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
            return Ok(command);
        }
    }
    bail!("pip and uv are missing: install one of them")
}
