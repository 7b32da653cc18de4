//! `eryx sdk`.

use super::{
    common,
    report::{say, say_error},
    runtime_option,
};
use crate::sdk::{
    BuiltIn, InstallOptions, Sdk, SdkError,
    driver::{self, Program},
    environment, install,
    retag::retag,
};
use clap::{Args, Subcommand};
use eryx_base::variables::{self, Variable};
use eryx_base::{
    errors::chain,
    escape::{escape, escape_json},
    excerpt,
};
use eryx_runtime::{Distribution, EMBEDDED_IDENTITY};
use serde_json::{Value, json};
use std::{
    env,
    ffi::OsString,
    io::{self, Write},
    path::PathBuf,
    process::{self, ExitCode},
};

/// The runtime in this program.
const BUILT_IN: BuiltIn = BuiltIn {
    identity: EMBEDDED_IDENTITY,
    read: Distribution::embedded,
};

const EXAMPLES: &str = "\
Examples:
  eryx sdk install
  eryx sdk install --runtime ../runtime    for a runtime that `eryx runtime export` wrote
  eryx sdk env -- python3 -m pip wheel --no-build-isolation --no-deps --wheel-dir dist .
  eryx sdk env -- python3 -m pip wheel … --config-settings=setup-args=--cross-file=wasm32-wasi .
                                           a package whose build is Meson's
  eryx sdk retag dist/*.whl
  eval \"$(eryx sdk env)\"                   the same variables, for this shell

Packages are built for the runtime of `--runtime`, of the `eryx.toml` in the current folder, or of
ERYX_RUNTIME_DIR; when none of them names one, for the built-in one.";

const CLOSING: &str = "\
docs/src/guide/native-packages.md tells how to build a native package, step by step.";

/// The variables that this command reads.
const VARIABLES: [Variable; 4] = [
    variables::SDK_DIR,
    variables::SDK_EXCEPTIONS,
    variables::RUNTIME_DIR,
    variables::ZIG,
];

/// What `--help` says after the options.
fn after_help() -> String {
    common::after_help(EXAMPLES, &VARIABLES, CLOSING)
}

/// What to do with the SDK.
#[derive(Debug, Args)]
#[command(after_help = after_help())]
pub(super) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Put the SDK together, once for a user
    Install(Install),
    /// Show what is installed, where, and where it came from
    Show {
        #[command(flatten)]
        chosen: Chosen,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the variables of a build for a shell, or run a command with them
    Env {
        #[command(flatten)]
        chosen: Chosen,
        /// The command to run
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<OsString>,
    },
    /// Give wheels the tags of the sandbox, in place of those of the Python that built them
    Retag {
        /// The wheels, which are replaced
        #[arg(required = true)]
        wheels: Vec<PathBuf>,
    },
    /// Compile or link as a C compiler does
    #[command(disable_help_flag = true)]
    Cc(Arguments),
    /// Compile or link as a C++ compiler does
    #[command(name = "c++", disable_help_flag = true)]
    Cxx(Arguments),
    /// Link as a linker does
    #[command(disable_help_flag = true)]
    Ld(Arguments),
    /// Link as `rustc` asks its linker to
    #[command(name = "rust-ld", disable_help_flag = true)]
    RustLd(Arguments),
    /// Make archives as `ar` does
    #[command(disable_help_flag = true)]
    Ar(Arguments),
    /// Index archives as `ranlib` does
    #[command(disable_help_flag = true)]
    Ranlib(Arguments),
}

#[derive(Debug, Args)]
struct Install {
    #[command(flatten)]
    chosen: Chosen,
    /// A folder with the headers of Python 3.14, instead of those that are found
    #[arg(long, value_name = "DIR")]
    python_include: Option<PathBuf>,
    /// Make it again when it is there
    #[arg(long)]
    again: bool,
    /// Say nothing but errors
    #[arg(short, long, conflicts_with = "json")]
    quiet: bool,
    /// Print one JSON event a line on standard output
    #[arg(long)]
    json: bool,
}

/// The runtime that packages are built for.
#[derive(Debug, Args)]
struct Chosen {
    /// A folder with the runtime to build for
    #[arg(long, value_name = "DIR")]
    runtime: Option<PathBuf>,
}

impl Chosen {
    fn open(&self) -> Result<Sdk, SdkError> {
        Sdk::open(
            runtime_option::of_bake(self.runtime.as_deref()).as_deref(),
            BUILT_IN,
        )
    }
}

/// What the program that is stood for is given.
#[derive(Debug, Args)]
struct Arguments {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Does it.
pub(super) fn run(options: &Options) -> ExitCode {
    let outcome = match &options.command {
        Command::Install(options) => install_and_tell(options),
        Command::Show { chosen, json } => chosen.open().map(|sdk| show(&sdk, *json)),
        Command::Env { chosen, command } => {
            chosen.open().and_then(|sdk| in_environment(&sdk, command))
        }
        Command::Retag { wheels } => retag_all(wheels),
        Command::Cc(arguments) => drive(Program::C, arguments),
        Command::Cxx(arguments) => drive(Program::Cxx, arguments),
        Command::Ld(arguments) => drive(Program::Linker, arguments),
        Command::RustLd(arguments) => drive(Program::RustLinker, arguments),
        Command::Ar(arguments) => drive(Program::Archiver, arguments),
        Command::Ranlib(arguments) => drive(Program::Indexer, arguments),
    };
    outcome.unwrap_or_else(|error| {
        let message = chain(&error);
        match &options.command {
            Command::Install(Install { json: true, .. }) => {
                let message = excerpt::excerpt(&message, excerpt::MESSAGE);
                event(&json!({"event": "error", "message": message}));
            }
            _ => say_error(&message),
        }
        ExitCode::FAILURE
    })
}

fn drive(program: Program, arguments: &Arguments) -> Result<ExitCode, SdkError> {
    let sdk = Sdk::open(runtime_option::of_program().as_deref(), BUILT_IN)?;
    let status = driver::run(&sdk, program, &arguments.arguments)?;
    Ok(ExitCode::from(u8::try_from(status).unwrap_or(1)))
}

fn install_and_tell(options: &Install) -> Result<ExitCode, SdkError> {
    let wanted = InstallOptions {
        python_include: options.python_include.clone(),
        runtime: runtime_option::of_bake(options.chosen.runtime.as_deref()),
        again: options.again,
    };
    let sdk = install(
        &wanted,
        BUILT_IN,
        &|step| match (options.json, options.quiet) {
            (true, _) => event(&json!({"event": "sdk-step", "text": step})),
            (false, true) => {}
            (false, false) => say(&escape(step)),
        },
    )?;
    if options.json {
        let mut installed = described(&sdk);
        if let Value::Object(fields) = &mut installed {
            fields.insert("event".to_owned(), "sdk-installed".into());
        }
        event(&installed);
    } else if !options.quiet {
        let folder = sdk.directory().display().to_string();
        say(&format!("the SDK is in {}", escape(&folder)));
    }
    Ok(ExitCode::SUCCESS)
}

/// Everything about an SDK, for programs.
fn described(sdk: &Sdk) -> Value {
    let record = sdk.record();
    json!({
        "folder": sdk.directory().to_string_lossy(),
        "python": record.python,
        "runtime": record.runtime,
        "headers": {
            "folder": sdk.include().to_string_lossy(),
            "version": record.headers,
            "origin": record.origin,
        },
        "compiler": {
            "program": record.compiler,
            "version": record.compiler_version,
        },
        "build-details": sdk.build_details().to_string_lossy(),
        "libraries": sdk.lib().to_string_lossy(),
        "programs": sdk.bin().to_string_lossy(),
        "cmake-toolchain": sdk.cmake_toolchain().to_string_lossy(),
        "meson-cross-file": sdk.meson_cross_file().to_string_lossy(),
        "pyo3-configuration": sdk.pyo3_configuration().to_string_lossy(),
    })
}

fn show(sdk: &Sdk, as_json: bool) -> ExitCode {
    if as_json {
        event(&described(sdk));
        return ExitCode::SUCCESS;
    }
    let record = sdk.record();
    let path = |path: PathBuf| path.display().to_string();
    let rows = [
        ("folder", path(sdk.directory().to_owned())),
        (
            "for",
            format!("CPython {} (runtime {})", record.python, record.runtime),
        ),
        (
            "headers",
            format!("{}, of Python {}", path(sdk.include()), record.headers),
        ),
        ("from", record.origin.clone()),
        (
            "compiler",
            format!("{}, zig {}", record.compiler, record.compiler_version),
        ),
        ("libraries", path(sdk.lib())),
        ("programs", path(sdk.bin())),
        ("PEP 739", path(sdk.build_details())),
        ("CMake", path(sdk.cmake_toolchain())),
        ("Meson", path(sdk.meson_cross_file())),
        ("PyO3", path(sdk.pyo3_configuration())),
    ];
    let mut text = String::new();
    for (name, value) in rows {
        text += &format!("{name:<10} {}\n", escape(&value));
    }
    print(&text);
    ExitCode::SUCCESS
}

fn in_environment(sdk: &Sdk, command: &[OsString]) -> Result<ExitCode, SdkError> {
    environment::write_programs(sdk)?;
    let variables = environment::variables(sdk, |name| env::var_os(name));
    let Some((program, arguments)) = command.split_first() else {
        let mut text = String::new();
        for (name, value) in variables {
            let value = environment::quoted(&value.to_string_lossy());
            text += &format!("export {name}={value}\n");
        }
        print(&text);
        return Ok(ExitCode::SUCCESS);
    };
    let status = process::Command::new(program)
        .args(arguments)
        .envs(variables)
        .status()
        .map_err(|source| SdkError::Command {
            program: program.to_string_lossy().into_owned(),
            source,
        })?;
    // A signal has no status; a shell says it so.
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}

fn retag_all(wheels: &[PathBuf]) -> Result<ExitCode, SdkError> {
    for wheel in wheels {
        let new = retag(wheel)?;
        print(&format!("{}\n", escape(&new.display().to_string())));
    }
    Ok(ExitCode::SUCCESS)
}

fn event(event: &Value) {
    print(&format!("{}\n", escape_json(&event.to_string())));
}

/// When nobody reads, there is nobody to tell.
fn print(text: &str) {
    let _ = io::stdout().lock().write_all(text.as_bytes());
}
