//! `eryx build`.

use super::common::{self, LockOptions, ManifestOption, Verbosity};
use super::consent;
use super::report::{self, BuildFailure};
use crate::{bake, manifest, progress::Progress};
use clap::Args;
use eryx_base::variables::{self, Variable};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

const EXAMPLES: &str = "\
Examples:
  eryx build                              read ./eryx.toml, write <image.name>.cwasm
  eryx build -f path/eryx.toml -o image.cwasm
  eryx build --locked                     in CI: the lock must say what the manifest asks for
  eryx build --json | jq 'select(.event == \"baked\")'";

const CLOSING: &str = "\
Exit status: 0 when the image is written, 1 when it is not, 2 for wrong usage.";

/// The variables that this command reads.
const VARIABLES: [Variable; 6] = [
    variables::CACHE_DIR,
    variables::PYTHON,
    variables::RESOLVER,
    variables::RUNTIME_DIR,
    variables::SDK_DIR,
    variables::NO_COLOR,
];

/// What `--help` says after the options.
fn after_help() -> String {
    common::after_help(EXAMPLES, &VARIABLES, CLOSING)
}

/// What to bake, and how to tell about it.
#[derive(Debug, Args)]
#[command(after_help = after_help())]
pub(super) struct Options {
    #[command(flatten)]
    manifest: ManifestOption,
    /// The image to write [default: <image.name>.cwasm in the current folder]
    #[arg(short, long, value_name = "IMAGE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    lock: LockOptions,
    #[command(flatten)]
    verbosity: Verbosity,
}

/// Bakes an image.
pub(super) fn run(options: &Options) -> ExitCode {
    let progress = options.verbosity.progress();
    match build(options, &progress) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report::failure(&failure, options.verbosity.json, &*progress);
            ExitCode::FAILURE
        }
    }
}

fn build(options: &Options, progress: &Arc<dyn Progress>) -> Result<(), BuildFailure> {
    let mut manifest = manifest::load(&options.manifest.path)
        .map_err(|error| BuildFailure::Manifest(Box::new(error)))?;
    let name = format!("{}.cwasm", manifest.image.name);
    let output = options.output.as_deref().unwrap_or(Path::new(&name));
    let mode = options.lock.mode();
    loop {
        let Err(error) = bake::bake(&manifest, output, &mode, progress) else {
            return Ok(());
        };
        let allowed = match options.verbosity.json {
            true => Vec::new(),
            false => consent::ask(&error),
        };
        if allowed.is_empty() {
            return Err(BuildFailure::Bake(Box::new(error)));
        }
        let names = allowed.into_iter().map(|package| package.name);
        manifest.packages.build.allow.extend(names);
    }
}
