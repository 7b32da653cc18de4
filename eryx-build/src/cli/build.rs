//! `eryx build`.

use super::common::{LockOptions, ManifestOption, Verbosity};
use super::report;
use crate::{
    bake::{self, BakeError},
    manifest::{self, ManifestError},
    progress::Progress,
};
use clap::Args;
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
  eryx build --json | jq 'select(.event == \"baked\")'

Environment:
  ERYX_CACHE_DIR  where downloads and bytecode are kept, instead of the user's cache folder
  ERYX_PYTHON     the Python whose pip resolves and downloads, such as `uv tool run --from pip python`
  ERYX_RESOLVER   `uv` or `pip`; uv when it is there if not set
  ERYX_RUNTIME_DIR
                  a folder with the runtime to build on, when the manifest names none
  NO_COLOR        no colours

Exit status: 0 when the image is written, 1 when it is not, 2 for wrong usage.";

/// What to bake, and how to tell about it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
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

/// Why a build failed.
#[derive(Debug)]
pub(super) enum BuildFailure {
    /// The manifest has mistakes.
    Manifest(Box<ManifestError>),
    /// A stage failed.
    Bake(Box<BakeError>),
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
    let manifest = manifest::load(&options.manifest.path)
        .map_err(|error| BuildFailure::Manifest(Box::new(error)))?;
    let name = format!("{}.cwasm", manifest.image.name);
    let output = options.output.as_deref().unwrap_or(Path::new(&name));
    bake::bake(&manifest, output, &options.lock.mode(), progress)
        .map(drop)
        .map_err(|error| BuildFailure::Bake(Box::new(error)))
}
