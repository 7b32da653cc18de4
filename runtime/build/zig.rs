//! The compiler for the guest: the `zig` that `ZIG` names, or the pinned `ziglang` wheel.

use crate::{Failure, pip};
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

const VERSION: &str = "0.17.1";

/// A compiler that is there.
pub struct Zig {
    program: PathBuf,
}

impl Zig {
    /// A command of the compiler, with its caches where they disturb nobody.
    pub fn command(&self, out: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command
            .env("ZIG_GLOBAL_CACHE_DIR", out.join("zig-cache"))
            .env("ZIG_LOCAL_CACHE_DIR", out.join("zig-cache"));
        command
    }
}

/// Finds the compiler, installing it when it is not there.
pub fn find() -> Result<Zig, Failure> {
    if let Some(program) = env::var_os("ZIG").filter(|program| !program.is_empty()) {
        return Ok(Zig {
            program: program.into(),
        });
    }
    let folder = pip::install("ziglang", VERSION, include_str!("ziglang.txt"))
        .map_err(|failure| format!("{failure}Or name a zig {VERSION} program in ZIG."))?;
    let name = if cfg!(windows) { "zig.exe" } else { "zig" };
    Ok(Zig {
        program: folder.join("ziglang").join(name),
    })
}
