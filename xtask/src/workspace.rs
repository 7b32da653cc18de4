//! Where things are, and how cargo is started.

use crate::step;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::{
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Command,
};

/// The workspace that this program belongs to.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// Its root.
    pub(crate) root: PathBuf,
    /// Where cargo puts what it builds.
    pub(crate) target: PathBuf,
    /// The version of all its crates.
    pub(crate) version: String,
}

/// A crate, of the workspace or not.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// The expression of its licences.
    pub(crate) license: Option<String>,
    /// Its `Cargo.toml`.
    pub(crate) manifest_path: PathBuf,
    /// Where it comes from; none for crates of the workspace.
    pub(crate) source: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn find() -> Result<Self> {
        // Set by `cargo run`, wherever it was started.
        let start = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| ".".into(), PathBuf::from);
        let metadata = metadata(&start, &["--no-deps"])?;
        let version = metadata
            .packages
            .into_iter()
            .find(|package| package.name == "xtask");
        Ok(Self {
            root: metadata.workspace_root,
            target: metadata.target_directory,
            version: version
                .context("xtask is no member of this workspace")?
                .version,
        })
    }

    /// All crates that the workspace may need on a target.
    pub(crate) fn packages(&self, target: &str) -> Result<Vec<Package>> {
        Ok(metadata(&self.root, &["--filter-platform", target])?.packages)
    }

    /// A cargo command at the root.
    pub(crate) fn cargo<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = cargo();
        command.current_dir(&self.root).args(arguments);
        command
    }

    /// A program that was built.
    pub(crate) fn binary(&self, name: &str) -> PathBuf {
        let name = format!("{name}{}", env::consts::EXE_SUFFIX);
        self.target.join("release").join(name)
    }

    /// Builds the toolchain and the loader, one after the other: in one command, cargo would give the
    /// loader the features that the toolchain asks of the engine.
    pub(crate) fn build(&self) -> Result<()> {
        step::run(
            "Build the toolchain (eryx-build)",
            &mut self.cargo(&["build", "--release", "-p", "eryx-build"]),
        )?;
        step::run(
            "Build the loader (eryx, eryx-run)",
            &mut self.cargo(&["build", "--release", "-p", "eryx-run"]),
        )
    }

    /// Runs tests: all, or those that the arguments choose.
    pub(crate) fn test(&self, arguments: &[OsString]) -> Result<()> {
        let mut command = self.cargo(&["test", "--release"]);
        if arguments.is_empty() {
            command.arg("--workspace");
        } else {
            command.args(arguments);
        }
        step::run("Test", &mut command)
    }
}

/// The triple of this machine.
pub(crate) fn host() -> Result<String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let text = output(Command::new(rustc).arg("-vV"))?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc names no host")?.to_owned())
}

/// What a command prints.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_owned();
    let output = command
        .output()
        .with_context(|| format!("cannot run {}", name.display()))?;
    ensure!(
        output.status.success(),
        "{} failed: {}",
        step::line(command),
        String::from_utf8_lossy(&output.stderr).trim()
    );
    String::from_utf8(output.stdout).with_context(|| format!("{} prints no UTF-8", name.display()))
}

fn metadata(directory: &Path, arguments: &[&str]) -> Result<Metadata> {
    let mut command = cargo();
    command
        .current_dir(directory)
        .args(["metadata", "--format-version", "1"])
        .args(arguments);
    serde_json::from_str(&output(&mut command)?).context("cannot read what cargo metadata prints")
}

fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        // What cargo tells this program about itself would make it build things anew.
        let name_text = name.to_string_lossy();
        if name_text.starts_with("CARGO_PKG_") || name_text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}
