//! `cargo xtask dist`: an archive to install from.

mod archive;
mod entry;
mod licenses;

use crate::{
    step,
    workspace::{Workspace, host, output},
};
use anyhow::{Context, Result};
use clap::Args;
use entry::Entry;
use std::{env, fs, path::PathBuf, process::Command};

/// What is packed, and where it is put.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The directory for the archive and its checksum
    #[arg(short, long, value_name = "DIR", default_value = "target/dist")]
    output: PathBuf,
    /// Link the loader statically, for containers and hosts with another libc
    #[arg(long = "static")]
    is_static: bool,
}

/// Where completions belong below a prefix, and the name of their shell.
const COMPLETIONS: [(&str, &str); 3] = [
    ("bash", "share/bash-completion/completions/eryx"),
    ("fish", "share/fish/vendor_completions.d/eryx.fish"),
    ("zsh", "share/zsh/site-functions/_eryx"),
];

/// Builds everything and packs it.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    workspace.build()?;
    let mut entries = documents(workspace)?;
    entries.extend(licenses::entries(workspace, &host()?)?);
    entries.extend(generated(workspace)?);
    if options.is_static {
        link_statically(workspace)?;
    }
    for name in ["eryx", "eryx-run", "eryx-build"] {
        let bytes =
            fs::read(workspace.binary(name)).with_context(|| format!("cannot read {name}"))?;
        entries.push(Entry::program(format!("bin/{name}"), bytes));
    }

    let suffix = if options.is_static { "-static" } else { "" };
    let name = format!("eryx-{}-{}{suffix}", workspace.version, host()?);
    let directory = workspace.root.join(&options.output);
    let written = archive::write(&directory, &name, entries, time(workspace)?)?;
    step::say(&format!("Packed {}", written.display()));
    Ok(())
}

fn documents(workspace: &Workspace) -> Result<Vec<Entry>> {
    let names = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];
    let read = |name: &&str| {
        let bytes =
            fs::read(workspace.root.join(name)).with_context(|| format!("cannot read {name}"))?;
        Ok(Entry::file((*name).to_owned(), bytes))
    };
    names.iter().map(read).collect()
}

/// Completions, manual pages and the licences of the runtime, which the programs write themselves.
fn generated(workspace: &Workspace) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for (shell, path) in COMPLETIONS {
        let mut command = Command::new(workspace.binary("eryx"));
        let text = output(command.args(["completions", shell]))?;
        entries.push(Entry::file(path.to_owned(), text.into_bytes()));
    }
    let parts = workspace.target.join("dist-parts");
    if parts.exists() {
        fs::remove_dir_all(&parts).context("cannot remove what an earlier run left")?;
    }
    fs::create_dir_all(&parts).context("cannot make a directory for what is generated")?;
    let (man, runtime) = (parts.join("man"), parts.join("runtime"));
    let toolchain = || Command::new(workspace.binary("eryx-build"));
    output(toolchain().arg("man").arg(&man))?;
    output(toolchain().args(["runtime", "export"]).arg(&runtime))?;
    entries.extend(entry::below(&man, "share/man/man1")?);
    entries.extend(entry::below(&runtime.join("licenses"), "licenses/runtime")?);
    fs::remove_dir_all(&parts).context("cannot remove what was generated")?;
    Ok(entries)
}

fn link_statically(workspace: &Workspace) -> Result<()> {
    for name in ["eryx", "eryx-run"] {
        let mut command = workspace.cargo(&["rustc", "--release", "-p", "eryx-run", "--bin", name]);
        command.args(["--", "-C", "target-feature=+crt-static"]);
        step::run(&format!("Link {name} statically"), &mut command)?;
    }
    Ok(())
}

/// The time of all files: that of the last commit, so that it is the same wherever it is packed.
fn time(workspace: &Workspace) -> Result<u64> {
    let text = if let Ok(text) = env::var("SOURCE_DATE_EPOCH") {
        text
    } else {
        let mut git = Command::new("git");
        output(
            git.current_dir(&workspace.root)
                .args(["log", "-1", "--format=%ct"]),
        )?
    };
    text.trim()
        .parse()
        .with_context(|| format!("{text} is no time in seconds"))
}
