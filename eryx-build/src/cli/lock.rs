//! `eryx lock`.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use eryx_base::variables::{self, Variable};
use serde_json::json;

use super::common::{self, LockOptions, ManifestOption, Verbosity};
use super::report::{self, BuildFailure};
use eryx_base::escape::escape;

use crate::{
    bake::{self, LockSummary},
    manifest,
    progress::Progress,
    resolve::Change,
};

const EXAMPLES: &str = "\
Examples:
  eryx lock                    read ./eryx.toml, write ./pylock.toml
  eryx lock --upgrade          take the newest versions that the manifest allows for
  eryx lock --upgrade jinja2   take the newest version of one package
  eryx lock --locked           change nothing; fail when the lock has drifted";

const CLOSING: &str = "\
Exit status: 0 when the lock is as the manifest asks for, 1 when it is not, 2 for wrong usage.";

/// The variables that this command reads.
const VARIABLES: [Variable; 4] = [
    variables::CACHE_DIR,
    variables::PYTHON,
    variables::RESOLVER,
    variables::SDK_DIR,
];

/// What `--help` says after the options.
fn after_help() -> String {
    common::after_help(EXAMPLES, &VARIABLES, CLOSING)
}

/// What to lock, and how to tell about it.
#[derive(Debug, Args)]
#[command(after_help = after_help())]
pub(super) struct Options {
    #[command(flatten)]
    manifest: ManifestOption,
    #[command(flatten)]
    lock: LockOptions,
    #[command(flatten)]
    verbosity: Verbosity,
}

/// Makes or updates a lock.
pub(super) fn run(options: &Options) -> ExitCode {
    let progress = options.verbosity.progress();
    let outcome = lock(options, &progress);
    match outcome {
        Ok(summary) => {
            // Nobody who reads no results is owed a failure.
            let _ = tell(&summary, options.verbosity.json, &mut io::stdout().lock());
            ExitCode::SUCCESS
        }
        Err(failure) => {
            report::failure(&failure, options.verbosity.json, &*progress);
            ExitCode::FAILURE
        }
    }
}

fn lock(options: &Options, progress: &Arc<dyn Progress>) -> Result<LockSummary, BuildFailure> {
    let manifest = manifest::load(&options.manifest.path)
        .map_err(|error| BuildFailure::Manifest(Box::new(error)))?;
    bake::lock(&manifest, &options.lock.mode(), progress)
        .map_err(|error| BuildFailure::Bake(Box::new(error)))
}

fn tell(summary: &LockSummary, json: bool, out: &mut dyn Write) -> io::Result<()> {
    let (path, resolution) = (&summary.path, &summary.resolution);
    let count = resolution.lock.packages.len();
    let word = match &resolution.change {
        Change::Nothing => "nothing",
        Change::Kept => "kept",
        Change::Foreign(_) => "foreign",
        Change::Written => "written",
        Change::Updated { .. } => "updated",
    };
    let (drift, changes) = match &resolution.change {
        Change::Updated { drift, packages } => (drift.as_slice(), packages.as_slice()),
        _ => (&[][..], &[][..]),
    };
    if json {
        let packages = resolution.lock.packages.iter().map(|package| {
            json!({
                "name": package.name,
                "version": package.version,
                "file": package.file.name,
                "sha256": package.file.sha256.to_string(),
            })
        });
        let event = json!({
            "event": "locked",
            "lock": path.to_string_lossy(),
            "change": word,
            "drift": drift,
            "changes": changes,
            "packages": packages.collect::<Vec<_>>(),
        });
        return writeln!(out, "{event}");
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = escape(&name);
    for drift in drift {
        writeln!(out, "{name} has drifted: {}", escape(drift))?;
    }
    for change in changes {
        writeln!(out, "{}", escape(change))?;
    }
    match &resolution.change {
        Change::Nothing => writeln!(out, "the manifest asks for no packages: there is no lock"),
        Change::Kept => writeln!(out, "{name} is up to date: {count} packages"),
        Change::Foreign(tool) => {
            let tool = escape(tool);
            writeln!(
                out,
                "{name} was made by {tool}, and is left alone: {count} packages"
            )
        }
        Change::Written => writeln!(out, "wrote {name}: {count} packages"),
        Change::Updated { .. } => writeln!(out, "updated {name}: {count} packages"),
    }
}
