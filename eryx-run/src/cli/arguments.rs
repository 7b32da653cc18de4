//! The arguments, as they are written.

use clap::{Args, Parser, Subcommand, ValueEnum};
use eryx_base::{exit_status, variables};
use std::{ffi::OsString, path::PathBuf};

const RUN_EXAMPLES: &str = "\
Examples:
  eryx run image.cwasm script.py a b c
  eryx run image.cwasm -c 'print(1)'
  eryx run image.cwasm -m json.tool < data.json
  eryx run image.cwasm -- a b c          (the image's entrypoint with arguments)
  eryx run --entry-point idna image.cwasm --help
  eryx run image.cwasm                   (without an entrypoint, at a terminal: the prompt)
  eryx run -i image.cwasm script.py      (the prompt after the program, with all that it left)
  eryx run -i image.cwasm -              (the prompt alone)
  eryx run -v ./data:/data -v ./out:/out:rw --timeout 5s --memory 256MiB image.cwasm script.py";

const INSPECT_EXAMPLES: &str = "\
Examples:
  eryx inspect image.cwasm
  eryx inspect --tree image.cwasm
  eryx inspect --json image.cwasm | jq '.metadata.packages[] | {name, version, license}'
  eryx inspect --sbom cyclonedx image.cwasm > image.cdx.json";

const DIFF_EXAMPLES: &str = "\
Examples:
  eryx diff old.cwasm new.cwasm
  eryx diff --quiet old.cwasm new.cwasm || echo different
  eryx diff --json old.cwasm new.cwasm | jq '.packages.changed[].name'

Exit status: 0 when the images are the same, 1 when they differ, 2 for trouble.";

const TOOLCHAIN: &str = "\
Commands of the toolchain (handed over to `eryx-build`):
  build        Bake an image from an eryx.toml
  lock         Make or update the lock of an eryx.toml
  init         Write a project to start from
  schema       Print the JSON schema of eryx.toml, for editors
  sdk          Compile native packages for the sandbox
  wheel        Build wheels of native packages, to share them
  recipe       List and check recipes of native packages
  runtime      Show, export or verify the runtime that images are built on
  completions  Print a script by which a shell completes commands and options
  man          Write manual pages

`eryx COMMAND --help` explains a command.";

/// How a run ends, and what the environment asks of it.
fn status() -> String {
    format!(
        "Exit status:\n  the program's own; else\n{}\n\nEnvironment, to look into native code:\n{}",
        exit_status::help(&exit_status::RUN),
        variables::help(&[variables::BACKTRACE, variables::PERF_MAP]),
    )
}

/// Runs Python sandbox images, and bakes them.
#[derive(Debug, Parser)]
#[command(name = "eryx", version, after_help = TOOLCHAIN, disable_help_subcommand = true)]
pub(super) struct Eryx {
    #[command(subcommand)]
    pub command: EryxCommand,
}

/// The loader of eryx images: runs a Python program in the sandbox of an image.
#[derive(Debug, Parser)]
#[command(
    name = "eryx-run",
    version,
    override_usage = "eryx-run [OPTIONS] IMAGE [SCRIPT | -c COMMAND | -m MODULE | -] [ARGUMENTS]...",
    after_help = RUN_EXAMPLES.replace("eryx run", "eryx-run") + "\n\n" + &status()
)]
pub(super) struct EryxRun {
    #[command(flatten)]
    pub run: RunArguments,
}

#[derive(Debug, Subcommand)]
pub(super) enum EryxCommand {
    /// Run a Python program in the sandbox of an image
    #[command(
        override_usage = "eryx run [OPTIONS] IMAGE [SCRIPT | -c COMMAND | -m MODULE | -] [ARGUMENTS]...",
        after_help = format!("{RUN_EXAMPLES}\n\n{}", status())
    )]
    Run(RunArguments),
    /// Show what is inside an image
    #[command(after_help = INSPECT_EXAMPLES)]
    Inspect(InspectArguments),
    /// Show what differs between two images
    #[command(after_help = DIFF_EXAMPLES)]
    Diff(DiffArguments),
    /// Check every hash of an image
    #[command(after_help = "Example:\n  eryx verify image.cwasm && scp image.cwasm host:")]
    Verify {
        /// The image
        image: PathBuf,
    },
    #[command(external_subcommand)]
    Toolchain(Vec<OsString>),
}

/// What is shown of an image.
#[derive(Debug, Args)]
pub(super) struct InspectArguments {
    /// The image
    pub image: PathBuf,
    /// Print everything as JSON
    #[arg(long, conflicts_with_all = ["tree", "sbom"])]
    pub json: bool,
    /// List the files of the image with their sizes
    #[arg(long, conflicts_with_all = ["tree", "sbom"])]
    pub files: bool,
    /// Draw which package requires which, from those that the manifest asks for
    #[arg(long, conflicts_with = "sbom")]
    pub tree: bool,
    /// Print a software bill of materials: CycloneDX 1.6 or SPDX 2.3, both as JSON. The toolchain
    /// writes it
    #[arg(long, value_name = "FORMAT")]
    pub sbom: Option<SbomFormat>,
}

/// Which images are compared, and what is told.
#[derive(Debug, Args)]
pub(super) struct DiffArguments {
    /// The first image
    pub old: PathBuf,
    /// The second image
    pub new: PathBuf,
    /// Print the difference as JSON
    #[arg(long, conflicts_with = "quiet")]
    pub json: bool,
    /// List every file that differs
    #[arg(long, conflicts_with = "quiet")]
    pub files: bool,
    /// Print nothing; the exit status tells
    #[arg(short, long)]
    pub quiet: bool,
}

/// The format of a software bill of materials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SbomFormat {
    Cyclonedx,
    Spdx,
}

impl SbomFormat {
    /// Its name as the toolchain takes it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Cyclonedx => "cyclonedx",
            Self::Spdx => "spdx",
        }
    }
}

/// What a run may do, and what it runs.
#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// Show a file or directory of the host in the sandbox, read-only unless `:rw` is given
    #[arg(short = 'v', long = "volume", value_name = "HOST:GUEST[:ro|rw]")]
    pub mounts: Vec<String>,
    /// Let -v show /proc, /sys and what contains them, such as /, and write to the cache of eryx. The
    /// program then sees processes of the host, and can take over images that are baked later
    #[arg(long)]
    pub allow_unsafe_mounts: bool,
    /// Set an environment variable, or pass on the host's
    #[arg(short = 'e', long = "env", value_name = "NAME[=VALUE]")]
    pub environment: Vec<OsString>,
    /// The directory in the sandbox to start in
    #[arg(short = 'w', long = "workdir", value_name = "PATH")]
    pub working_directory: Option<String>,
    /// End the program after this time, with status 124
    #[arg(long, value_name = "DURATION")]
    pub timeout: Option<String>,
    /// The most memory the program may use; past it allocations fail with MemoryError
    #[arg(long, value_name = "SIZE")]
    pub memory: Option<String>,
    /// How much /tmp may hold
    #[arg(long, value_name = "SIZE", default_value = "256MiB")]
    pub scratch: String,
    /// Give an interactive prompt when the program has ended, as `python3 -i` does
    #[arg(short = 'i', long)]
    pub interactive: bool,
    /// Run this console script that a package in the image brings
    #[arg(long, value_name = "NAME")]
    pub entry_point: Option<String>,
    /// The image, and what is run in it: a script, `-c` and source text, `-m` and a module, or `-` for
    /// standard input; the image's entrypoint when there is nothing or `--`. At a terminal, `-` is the
    /// prompt, and so is an image without an entrypoint. All that follows the image is for the program
    #[arg(
        value_names = ["IMAGE", "PROGRAM"],
        required = true,
        trailing_var_arg = true,
        num_args = 1..
    )]
    pub words: Vec<OsString>,
}
