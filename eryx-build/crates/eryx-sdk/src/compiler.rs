//! The compiler of the SDK: how its program is called, and what of it is compiled when the SDK is installed.

use super::SdkError;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The compiler's own runtime library: what C needs that wasm has no instruction for, such as products of 128
/// bits.
pub(super) const RUNTIME_LIBRARY: &str = "libcompiler_rt.a";

/// What `throw` comes to in a library that was linked with `ERYX_SDK_EXCEPTIONS=abort`.
pub(super) const THROW_OBJECT: &str = "throw.o";

const THROW_SOURCE: &str = include_str!("throw.c");

/// What is compiled for, as the compiler names it.
pub(super) const TARGET: &str = "wasm32-wasi";

/// A compiler's program.
#[derive(Debug, Clone)]
pub(super) struct Compiler {
    program: PathBuf,
    cache: PathBuf,
}

impl Compiler {
    /// One whose own cache is in `cache`.
    pub(crate) fn new(program: impl Into<PathBuf>, cache: PathBuf) -> Self {
        Self {
            program: program.into(),
            cache,
        }
    }

    /// A command of it.
    pub(crate) fn command(&self, name: &str) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg(name)
            .env("ZIG_GLOBAL_CACHE_DIR", &self.cache)
            .env("ZIG_LOCAL_CACHE_DIR", &self.cache);
        command
    }

    /// That it could not be started.
    pub(crate) fn not_started(&self) -> impl FnOnce(std::io::Error) -> SdkError {
        let program = self.program.display().to_string();
        move |source| SdkError::Start { program, source }
    }

    /// Runs a command of it to its end, with this process's own streams.
    pub(crate) fn status(&self, command: &mut Command) -> Result<i32, SdkError> {
        let status = command.status().map_err(self.not_started())?;
        // One that a signal ended has no status.
        Ok(status.code().unwrap_or(1))
    }

    /// The version that it tells.
    pub(crate) fn version(&self) -> Result<String, SdkError> {
        let output = self.output("its version", &mut self.command("version"))?;
        Ok(output.trim().to_owned())
    }

    /// Compiles the runtime library and what throwing comes to into a directory.
    pub(crate) fn compile_libraries(&self, lib: &Path) -> Result<(), SdkError> {
        let source = self.library_directory()?.join("compiler_rt.zig");
        let mut emit = std::ffi::OsString::from("-femit-bin=");
        emit.push(lib.join(RUNTIME_LIBRARY));
        let mut command = self.command("build-lib");
        command.arg(source).args(["-target", TARGET]);
        command.args([
            "-fPIC",
            "-OReleaseFast",
            "-fstrip",
            "-static",
            "-fno-builtin",
        ]);
        self.output("its runtime library", command.arg(emit))?;

        let source = lib.join("throw.c");
        fs::write(&source, THROW_SOURCE).map_err(SdkError::file(&source))?;
        let mut command = self.command("cc");
        command.args(["-target", TARGET, "-O2", "-g0", "-fPIC"]);
        command.args(["-fvisibility=hidden", "-fno-sanitize=all", "-c"]);
        command.arg(&source).arg("-o").arg(lib.join(THROW_OBJECT));
        self.output("what throwing comes to", &mut command)?;
        fs::remove_file(&source).map_err(SdkError::file(&source))
    }

    /// The directory of the compiler's own sources.
    pub(crate) fn library_directory(&self) -> Result<PathBuf, SdkError> {
        const KEY: &str = "lib_dir";
        let output = self.output("a description of itself", &mut self.command("env"))?;
        // One `.key = "value",` a line.
        let value = output.lines().find_map(|line| {
            let (key, value) = line.split_once('=')?;
            let value = value.trim().trim_end_matches(',').trim_matches('"');
            (key.trim().trim_matches(['.', '"']) == KEY).then(|| value.to_owned())
        });
        value.map(PathBuf::from).ok_or(SdkError::Compile {
            what: "its runtime library: it does not tell where its sources are",
            output,
        })
    }

    /// Runs a command of it that compiles `what` of its own. Gives what it prints.
    pub(crate) fn output(
        &self,
        what: &'static str,
        command: &mut Command,
    ) -> Result<String, SdkError> {
        let output = command.output().map_err(self.not_started())?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let output = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(SdkError::Compile { what, output })
    }
}
