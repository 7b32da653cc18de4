//! `eryx wheel`.

use std::{
    env,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::{Args, Subcommand};
use eryx_base::variables::{self, Variable};
use serde_json::json;

use super::common::{self, NetworkOptions, Verbosity};
use super::report::{self, BuildFailure};
use crate::{
    bake::{self, BakeError},
    manifest::{self, Allow, Jobs, Manifest, ManifestError},
    progress::Progress,
};

const EXAMPLES: &str = "\
Examples:
  eryx wheel build msgpack==1.2.4 -o wheels
  eryx wheel build numpy pandas --recipes recipes -o wheels
  eryx wheel build --file eryx.toml numpy    with the indexes and [packages.build] of a manifest

Name the directory in `packages.find-links`, and bakes take the wheels in place of building.";

const CLOSING: &str = "\
The builds of these packages, and of what their builds require, run programs on this machine with your rights.

Exit status: 0 when all wheels are written, 1 when one is not, 2 for wrong usage.";

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

/// Wheels for the sandbox.
#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build wheels of packages for the sandbox, to share them
    Build(BuildOptions),
}

/// What to build, and how.
#[derive(Debug, Args)]
#[command(after_help = after_help())]
struct BuildOptions {
    /// Packages, as requirements: `msgpack`, `numpy==2.5.5`
    #[arg(required = true, value_name = "REQUIREMENT")]
    requirements: Vec<String>,
    /// The directory that the wheels are written to
    #[arg(short, long, value_name = "DIRECTORY", default_value = ".")]
    output: PathBuf,
    /// A manifest of which indexes and `[packages.build]` count
    #[arg(short, long, value_name = "MANIFEST")]
    file: Option<PathBuf>,
    /// A directory of recipes of your own
    #[arg(long, value_name = "DIRECTORY")]
    recipes: Option<PathBuf>,
    /// How many programs a build runs at once [default: one for each processor]
    #[arg(short, long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    jobs: Option<u32>,
    #[command(flatten)]
    network: NetworkOptions,
    #[command(flatten)]
    verbosity: Verbosity,
}

/// Carries a command out.
pub(super) fn run(options: &Options) -> ExitCode {
    let Command::Build(options) = &options.command;
    let progress = options.verbosity.progress();
    match build(options, &progress) {
        Ok(paths) => {
            // Nobody who reads no results is owed a failure.
            let _ = tell(&paths, options.verbosity.json);
            ExitCode::SUCCESS
        }
        Err(failure) => {
            report::failure(&failure, options.verbosity.json, &*progress);
            ExitCode::FAILURE
        }
    }
}

fn build(
    options: &BuildOptions,
    progress: &Arc<dyn Progress>,
) -> Result<Vec<PathBuf>, BuildFailure> {
    let of_manifest = |error: ManifestError| BuildFailure::Manifest(Box::new(error));
    let of_bake = |error: BakeError| BuildFailure::Bake(Box::new(error));
    let mut manifest = of_arguments(&options.requirements).map_err(of_manifest)?;
    if let Some(file) = &options.file {
        let requirements = std::mem::take(&mut manifest.packages.requirements);
        manifest = manifest::load(file).map_err(of_manifest)?;
        manifest.packages.requirements = requirements;
    }
    let build = &mut manifest.packages.build;
    build.allow = Allow::All;
    if let Some(recipes) = &options.recipes {
        build.recipes = Some(recipes.clone());
    }
    if let Some(jobs) = options.jobs {
        build.jobs = Jobs::Number(jobs);
    }
    // What is resolved here is nobody's lock.
    let scratch = tempfile::tempdir().map_err(|source| {
        of_bake(BakeError::Wheels {
            path: env::temp_dir(),
            source,
        })
    })?;
    manifest.path = scratch.path().join("wheels.toml");
    bake::wheels(
        &manifest,
        &options.output,
        &options.network.mode(),
        progress,
    )
    .map_err(of_bake)
}

/// A manifest that has these requirements and nothing else.
fn of_arguments(requirements: &[String]) -> Result<Manifest, ManifestError> {
    let list = json!(requirements);
    let text = format!("[image]\nname = \"wheels\"\n\n[packages]\nrequirements = {list}\n");
    let directory = env::current_dir().unwrap_or_default();
    Manifest::from_text(&text, &directory.join("command-line.toml"))
}

fn tell(paths: &[PathBuf], json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let text = |path: &Path| path.to_string_lossy().into_owned();
    if json {
        let paths: Vec<String> = paths.iter().map(|path| text(path)).collect();
        return writeln!(out, "{}", json!({"event": "wheels", "wheels": paths}));
    }
    for path in paths {
        writeln!(out, "{}", eryx_base::escape::escape(&text(path)))?;
    }
    Ok(())
}
