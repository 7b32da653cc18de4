//! The options that several commands have.

use clap::Args;
use eryx_base::variables::{self, Variable};
use eryx_packaging::normalize_package_name;
use std::{path::PathBuf, sync::Arc};

use crate::{
    progress::{self, Progress, ProgressOptions},
    resolve::{Mode, Upgrade},
};

/// What `--help` says after the options: examples, the variables that a command reads, and how it ends.
pub(super) fn after_help(examples: &str, variables: &[Variable], closing: &str) -> String {
    let variables = variables::help(variables);
    format!("{examples}\n\nEnvironment:\n{variables}\n\n{closing}")
}

/// Which manifest.
#[derive(Debug, Args)]
pub(super) struct ManifestOption {
    /// The manifest
    #[arg(
        short = 'f',
        long = "file",
        value_name = "MANIFEST",
        default_value = "eryx.toml"
    )]
    pub path: PathBuf,
}

/// How much is said.
#[derive(Debug, Args)]
pub(super) struct Verbosity {
    /// Say nothing but warnings and errors
    #[arg(short, long, conflicts_with_all = ["verbose", "json"])]
    quiet: bool,
    /// Say every step of every stage
    #[arg(long, conflicts_with = "json")]
    verbose: bool,
    /// Print one JSON event a line on standard output
    #[arg(long)]
    pub json: bool,
}

impl Verbosity {
    /// The progress that says so much.
    pub(super) fn progress(&self) -> Arc<dyn Progress> {
        Arc::from(progress::for_options(ProgressOptions {
            json: self.json,
            quiet: self.quiet,
            verbose: self.verbose,
        }))
    }
}

/// What may be done with the lock and the network.
#[derive(Debug, Args)]
pub(super) struct LockOptions {
    /// Fail when the lock is missing or does not say what the manifest asks for
    #[arg(long)]
    locked: bool,
    /// Use the cache alone, no package index
    #[arg(long)]
    offline: bool,
    /// Give up the locked versions: of all packages, or of those that are named
    #[arg(
        long,
        value_name = "PACKAGE",
        num_args = 0..=1,
        default_missing_value = "",
        conflicts_with = "locked"
    )]
    upgrade: Vec<String>,
}

impl LockOptions {
    /// The mode that resolving works in.
    pub(super) fn mode(&self) -> Mode {
        let upgrade = if self.upgrade.is_empty() {
            Upgrade::None
        } else if self.upgrade.iter().any(String::is_empty) {
            Upgrade::All
        } else {
            let names = self.upgrade.iter();
            Upgrade::Packages(names.map(|name| normalize_package_name(name)).collect())
        };
        Mode {
            locked: self.locked,
            offline: self.offline,
            upgrade,
        }
    }
}

/// What may be done with the network where there is no lock.
#[derive(Debug, Args)]
pub(super) struct NetworkOptions {
    /// Use the cache alone, no package index
    #[arg(long)]
    offline: bool,
    /// Resolve anew what builds require
    #[arg(long)]
    upgrade: bool,
}

impl NetworkOptions {
    /// The mode that resolving works in.
    pub(super) fn mode(&self) -> Mode {
        Mode {
            locked: false,
            offline: self.offline,
            upgrade: if self.upgrade {
                Upgrade::All
            } else {
                Upgrade::None
            },
        }
    }
}
