//! Handing a command over to the toolchain, as git and cargo do with theirs.

use super::failure::Failure;
use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// The toolchain's program.
const PROGRAM: &str = "eryx-build";

/// Runs `eryx-build` with these arguments in place of this program.
pub(super) fn hand_over(arguments: Vec<OsString>) -> Result<ExitCode, Failure> {
    let command = arguments
        .first()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    start(&command, arguments)
}

/// Lets the toolchain print a software bill of materials of an image.
pub(super) fn sbom(format: &str, image: &Path) -> Result<ExitCode, Failure> {
    let arguments = ["sbom", "--format", format, "--"].map(OsString::from);
    let arguments = arguments.into_iter().chain([image.into()]).collect();
    start("inspect --sbom", arguments)
}

/// Runs `eryx-build` with these arguments; `command` is what the user asked for.
fn start(command: &str, arguments: Vec<OsString>) -> Result<ExitCode, Failure> {
    let Some(program) = find() else {
        return Err(Failure::loader(format!(
            "`{}` is a command of the toolchain, and `{PROGRAM}` is neither beside this program nor on \
             PATH: install it with `cargo install --path eryx-build` in the source of eryx",
            eryx_base::escape::escape(command)
        )));
    };
    let mut command = Command::new(&program);
    command.args(arguments);
    let error = replace(&mut command);
    Err(Failure::loader(format!(
        "{} cannot be started: {error}",
        program.display()
    )))
}

/// Becomes the command; returns only when that fails.
#[cfg(unix)]
fn replace(command: &mut Command) -> std::io::Error {
    use std::os::unix::process::CommandExt;
    command.exec()
}

/// Waits for the command and ends as it ended; returns only when it cannot be started.
#[cfg(not(unix))]
#[expect(clippy::exit, reason = "this process stands for the other")]
fn replace(command: &mut Command) -> std::io::Error {
    let failed = eryx_base::exit_status::LOADER.into();
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(failed)),
        Err(error) => error,
    }
}

/// The programs of this project beside this one.
pub(super) fn programs() -> Vec<PathBuf> {
    let own = env::current_exe().ok();
    let Some(directory) = own.as_deref().and_then(Path::parent) else {
        return Vec::new();
    };
    ["eryx", "eryx-run", PROGRAM]
        .map(|name| directory.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
        .into()
}

/// The toolchain beside this program, or else the first on PATH.
fn find() -> Option<PathBuf> {
    let name = format!("{PROGRAM}{}", env::consts::EXE_SUFFIX);
    let beside = env::current_exe()
        .ok()?
        .parent()
        .map(|directory| directory.join(&name));
    beside
        .into_iter()
        .chain(env::split_paths(&env::var_os("PATH")?).map(|directory| directory.join(&name)))
        .find(|path| path.is_file())
}
