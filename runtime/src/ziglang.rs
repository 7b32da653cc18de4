//! The pinned compiler: the `zig` that `ZIG` names, or the wheel `ziglang`.
//!
//! The build of this crate compiles the guest with it, and the toolchain's SDK compiles packages: this file
//! is a part of both, so that there is one pin. It must not know what is compiled.
//!
//! ```no_run
//! let zig = eryx_runtime::ziglang::install()?;
//! assert!(zig.is_absolute());
//! # Ok::<(), eryx_runtime::WheelError>(())
//! ```

use crate::wheel::{self, WheelError};
use std::{
    env,
    path::{Path, PathBuf},
};

/// The version of the pinned wheel.
pub const VERSION: &str = "0.17.1";

/// The requirement with its hashes, as pip and uv read it.
const REQUIREMENT: &str = include_str!("../build/ziglang.txt");

/// The compiler's program, if it is there already.
///
/// # Errors
/// When no directory of the user is known.
pub fn installed() -> Result<Option<PathBuf>, WheelError> {
    if let Some(program) = env::var_os("ZIG").filter(|program| !program.is_empty()) {
        return Ok(Some(program.into()));
    }
    let program = program(&wheel::directory("ziglang", VERSION)?);
    Ok(program.is_file().then_some(program))
}

/// The compiler's program, which is installed when it is not there.
///
/// # Errors
/// When neither pip nor uv can install it, or its directory cannot be written.
pub fn install() -> Result<PathBuf, WheelError> {
    if let Some(program) = installed()? {
        return Ok(program);
    }
    Ok(program(&wheel::install("ziglang", VERSION, REQUIREMENT)?))
}

fn program(directory: &Path) -> PathBuf {
    directory
        .join("ziglang")
        .join(if cfg!(windows) { "zig.exe" } else { "zig" })
}
