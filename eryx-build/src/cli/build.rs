//! `eryx build`.

use super::report;
use crate::{
    bake::{self, BakeError},
    manifest::{self, ManifestError},
    progress::{self, Progress, ProgressOptions},
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
  eryx build --json | jq 'select(.event == \"baked\")'

Environment:
  ERYX_CACHE_DIR  where downloads and bytecode are kept, instead of the user's cache folder
  ERYX_PIP        the pip that downloads wheels, such as `uv tool run pip`
  NO_COLOR        no colours

Exit status: 0 when the image is written, 1 when it is not, 2 for wrong usage.";

/// What to bake, and how to tell about it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Options {
    /// The manifest
    #[arg(
        short = 'f',
        long = "file",
        value_name = "MANIFEST",
        default_value = "eryx.toml"
    )]
    manifest: PathBuf,
    /// The image to write [default: <image.name>.cwasm in the current folder]
    #[arg(short, long, value_name = "IMAGE")]
    output: Option<PathBuf>,
    /// Say nothing but warnings and errors
    #[arg(short, long, conflicts_with_all = ["verbose", "json"])]
    quiet: bool,
    /// Say every step of every stage
    #[arg(long, conflicts_with = "json")]
    verbose: bool,
    /// Print one JSON event a line on standard output
    #[arg(long)]
    json: bool,
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
pub fn run(options: &Options) -> ExitCode {
    let progress: Arc<dyn Progress> = Arc::from(progress::for_options(ProgressOptions {
        json: options.json,
        quiet: options.quiet,
        verbose: options.verbose,
    }));
    match build(options, &progress) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report::failure(&failure, options.json, &*progress);
            ExitCode::FAILURE
        }
    }
}

fn build(options: &Options, progress: &Arc<dyn Progress>) -> Result<(), BuildFailure> {
    let manifest = manifest::load(&options.manifest)
        .map_err(|error| BuildFailure::Manifest(Box::new(error)))?;
    let name = format!("{}.cwasm", manifest.image.name);
    let output = options.output.as_deref().unwrap_or(Path::new(&name));
    bake::bake(&manifest, output, progress)
        .map(drop)
        .map_err(|error| BuildFailure::Bake(Box::new(error)))
}
