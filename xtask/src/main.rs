//! `cargo xtask COMMAND`: what a developer of eryx does often, in one command each.
//!
//! Each command is a module. [`workspace`] knows where things are and starts cargo, [`step`] tells how it
//! goes, and [`tools`] brings programs that are not in the tree.

mod book;
mod dist;
mod lint;
mod step;
mod tools;
mod try_it;
mod upgrade_base;
mod upgrade_stdlib;
mod workspace;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::{ffi::OsString, process::ExitCode};
use workspace::Workspace;

/// Builds, tests, checks and packs eryx
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the toolchain and the loader, bake the example and run it
    Try,
    /// Run all tests; what follows `--` is for cargo
    Test {
        /// More arguments for `cargo test --release`, in place of `--workspace`
        #[arg(last = true)]
        arguments: Vec<OsString>,
    },
    /// Check circles, imports, sizes and words; the rules are in tools/tidy/rules.toml
    Tidy,
    /// Check licences, sources and duplicates of all crates, as deny.toml says
    Deny,
    /// Check the spelling of code and documents
    Typos,
    /// Build the book from docs/
    Book,
    /// Move the pin of the crate that carries CPython to its newest release
    UpgradeBase,
    /// Put newer files of Python's standard library into a runtime distribution
    UpgradeStdlib(upgrade_stdlib::Options),
    /// Pack an archive to install from, the same bytes each time
    Dist(dist::Options),
}

#[expect(clippy::print_stderr, reason = "a command line")]
fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    let workspace = Workspace::find()?;
    match command {
        Command::Try => try_it::run(&workspace),
        Command::Test { arguments } => workspace.test(&arguments),
        Command::Tidy => lint::tidy(&workspace),
        Command::Deny => lint::deny(&workspace),
        Command::Typos => lint::typos(&workspace),
        Command::Book => book::run(&workspace),
        Command::UpgradeBase => upgrade_base::run(&workspace),
        Command::UpgradeStdlib(options) => upgrade_stdlib::run(&workspace, &options),
        Command::Dist(options) => dist::run(&workspace, &options),
    }
}
