//! The compiler for the guest, as `src/ziglang.rs` finds or installs it.

use super::failure::Failure;
use crate::{wheel::WheelError, ziglang};
use std::{
    error::Error as _,
    io,
    path::{Path, PathBuf},
    process::Command,
    time::UNIX_EPOCH,
};

/// A compiler that is there.
pub(super) struct Zig {
    program: PathBuf,
}

impl Zig {
    /// A command of the compiler, with its caches where they disturb nobody.
    pub(super) fn command(&self, out: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command
            .env("ZIG_GLOBAL_CACHE_DIR", out.join("zig-cache"))
            .env("ZIG_LOCAL_CACHE_DIR", out.join("zig-cache"));
        command
    }
}

impl Zig {
    /// What tells it from others: where it is, its size and when it was changed.
    pub(super) fn identity(&self) -> io::Result<String> {
        let metadata = self.program.metadata()?;
        let changed = metadata.modified()?.duration_since(UNIX_EPOCH);
        Ok(format!(
            "{} {} {} {:?}",
            ziglang::VERSION,
            self.program.display(),
            metadata.len(),
            changed.unwrap_or_default()
        ))
    }

    /// The directory of its own headers and libraries, with their licences.
    pub(super) fn library_directory(&self) -> Result<PathBuf, Failure> {
        let failed = |why: &str| format!("{} env: {why}", self.program.display());
        let result = Command::new(&self.program).arg("env").output();
        let output = result.map_err(|error| failed(&error.to_string()))?;
        let text = String::from_utf8_lossy(&output.stdout);
        // What is written there is a Zig literal, or JSON of older versions: `lib_dir` and a text.
        let line = text.lines().find(|line| line.contains("lib_dir"));
        let value = line.and_then(|line| line.trim_end().trim_end_matches(',').strip_suffix('"'));
        let directory = value.and_then(|value| value.rsplit('"').next());
        directory
            .map(PathBuf::from)
            .ok_or_else(|| failed("it names no `lib_dir`"))
    }
}

/// Finds the compiler, installing it when it is not there.
pub(super) fn find() -> Result<Zig, Failure> {
    let program =
        ziglang::install().map_err(|error| told("The guest cannot be compiled", &error))?;
    Ok(Zig { program })
}

/// What failed for lack of a wheel, and how to do without.
pub(super) fn told(what: &str, error: &WheelError) -> Failure {
    let source = error.source().map(|source| format!(": {source}"));
    format!(
        "{what}: {error}{}\nName a zig {} program in ZIG if it is the compiler that is missing; a ready \
         runtime distribution folder in ERYX_RUNTIME_DIR does without all of it.",
        source.unwrap_or_default(),
        ziglang::VERSION
    )
}
