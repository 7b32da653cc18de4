//! `eryx recipe`.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::{Args, Subcommand};
use eryx_base::variables::{self, Variable};
use eryx_native::{NativeBuildError, PackageRecipe, Recipe, Recipes};
use eryx_packaging::normalize_package_name;
use serde_json::json;

use super::common::{self, NetworkOptions, Verbosity};
use super::report::{self, BuildFailure};
use crate::{
    bake::{self, BakeError},
    manifest::{Allow, Manifest},
    progress::Progress,
};

const EXAMPLES: &str = "\
Examples:
  eryx recipe check numpy
  eryx recipe check sample --recipes recipes --package-version 2.4

The package is built with programs of this machine, with your rights, and baked; its check runs in the sandbox.";

const CLOSING: &str = "\
Exit status: 0 when all checks pass, 1 when one does not, 2 for wrong usage.";

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

/// Recipes of native packages.
#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the packages that have recipes
    List(ListOptions),
    /// Build a package by its recipe, bake it, and run the recipe's check
    Check(CheckOptions),
}

/// Which recipes.
#[derive(Debug, Args)]
struct ListOptions {
    /// A directory of recipes of your own
    #[arg(long, value_name = "DIRECTORY")]
    recipes: Option<PathBuf>,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

/// What to check, and how.
#[derive(Debug, Args)]
#[command(after_help = after_help())]
struct CheckOptions {
    /// The package
    #[arg(value_name = "PACKAGE")]
    name: String,
    /// Its version, in place of the one with which the recipe was last proved
    #[arg(long, value_name = "VERSION")]
    package_version: Option<String>,
    /// A directory of recipes of your own
    #[arg(long, value_name = "DIRECTORY")]
    recipes: Option<PathBuf>,
    #[command(flatten)]
    network: NetworkOptions,
    #[command(flatten)]
    verbosity: Verbosity,
}

/// Carries a command out.
pub(super) fn run(options: &Options) -> ExitCode {
    match &options.command {
        Command::List(options) => match load(options.recipes.as_deref()) {
            Ok(recipes) => {
                // Nobody who reads no results is owed a failure.
                let _ = list(&recipes, options.json);
                ExitCode::SUCCESS
            }
            Err(error) => {
                report::say_error(&eryx_base::errors::chain(&error));
                ExitCode::FAILURE
            }
        },
        Command::Check(options) => {
            let progress = options.verbosity.progress();
            match check(options, &progress) {
                Ok(()) => ExitCode::SUCCESS,
                Err(failure) => {
                    report::failure(&failure, options.verbosity.json, &*progress);
                    ExitCode::FAILURE
                }
            }
        }
    }
}

fn load(directory: Option<&Path>) -> Result<Recipes, BakeError> {
    Recipes::load(directory).map_err(refused)
}

fn refused(error: NativeBuildError) -> BakeError {
    BakeError::NativeBuilds(Box::new(error))
}

fn list(recipes: &Recipes, is_json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for package in recipes.packages().filter_map(Recipe::package) {
        let PackageRecipe { name, versions, .. } = package;
        let proved = package.proved.as_ref();
        if is_json {
            let proved =
                proved.map(|proved| json!({"version": proved.version, "date": proved.date}));
            let line = json!({
                "name": name, "versions": versions, "proved": proved, "tools": package.tools,
            });
            writeln!(out, "{line}")?;
            continue;
        }
        let proved = proved.map_or_else(String::new, |proved| {
            format!(", proved with {} on {}", proved.version, proved.date)
        });
        let versions = match versions.as_str() {
            "" => String::new(),
            versions => format!(" {versions}"),
        };
        let line = format!("{name}{versions}{proved}");
        writeln!(out, "{}", eryx_base::escape::escape(&line))?;
    }
    Ok(())
}

fn check(options: &CheckOptions, progress: &Arc<dyn Progress>) -> Result<(), BuildFailure> {
    let of_bake = |error: BakeError| BuildFailure::Bake(Box::new(error));
    let recipes = load(options.recipes.as_deref()).map_err(of_bake)?;
    let name = normalize_package_name(&options.name);
    let recipe = recipes.named(&name);
    let package = recipe.and_then(Recipe::package);
    let (Some(recipe), Some(package)) = (recipe, package) else {
        return Err(of_bake(refused(NativeBuildError::NoRecipe(name))));
    };
    let Some(check) = recipe.check() else {
        return Err(of_bake(refused(NativeBuildError::NoCheck(name))));
    };
    let proved = package.proved.as_ref().map(|proved| &proved.version);
    let requirement = match options.package_version.as_ref().or(proved) {
        Some(version) => format!("{name}=={version}"),
        None => format!("{name}{}", package.versions),
    };
    let unusable = |source| {
        of_bake(BakeError::Wheels {
            path: std::env::temp_dir(),
            source,
        })
    };
    // The check is what the bake runs before it takes the snapshot.
    let scratch = tempfile::tempdir().map_err(unusable)?;
    fs::write(scratch.path().join("check.py"), &check.code).map_err(unusable)?;
    let text = format!(
        "[image]\nname = \"recipe\"\n\n[packages]\nrequirements = {}\n\n\
         [preinit]\nimports = {}\nscript = \"check.py\"\n\n[compile]\nopt-level = \"none\"\n",
        json!([requirement]),
        json!(check.imports),
    );
    let mut manifest = Manifest::from_text(&text, &scratch.path().join("recipe.toml"))
        .map_err(|error| BuildFailure::Manifest(Box::new(error)))?;
    manifest.packages.build.allow = Allow::All;
    manifest.packages.build.recipes.clone_from(&options.recipes);
    let image = scratch.path().join("recipe.cwasm");
    bake::try_out(&manifest, &image, &options.network.mode(), progress).map_err(of_bake)?;
    // Nobody who reads no results is owed a failure.
    let _ = match options.verbosity.json {
        true => writeln!(
            io::stdout().lock(),
            "{}",
            json!({"event": "checked", "requirement": requirement})
        ),
        false => writeln!(io::stdout().lock(), "{requirement}: its check passes"),
    };
    Ok(())
}
