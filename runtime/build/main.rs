//! Puts the runtime distribution together when the project is built.
//!
//! base libraries (`base.rs`) + guest compiled from C (`guest.rs`, with the compiler of `zig.rs`) +
//! standard library and the guest's Python half → one compressed archive in `OUT_DIR`
//! (`distribution.rs`), which the crate includes. A folder named by `ERYX_RUNTIME_DIR` takes the place
//! of all of it.

mod base;
mod distribution;
mod guest;
mod zig;

use std::{env, path::PathBuf, process::ExitCode};

/// Why the runtime could not be put together: one sentence, or a few, for the person who builds.
pub type Failure = String;

fn main() -> ExitCode {
    match assemble() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            for line in failure.lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn assemble() -> Result<(), Failure> {
    for watched in ["build", "guest", "python", "wit"] {
        println!("cargo::rerun-if-changed={watched}");
    }
    for variable in ["ERYX_RUNTIME_DIR", "ZIG"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let distribution = match env::var_os("ERYX_RUNTIME_DIR") {
        Some(folder) => distribution::read(&PathBuf::from(folder))?,
        None => {
            let base = base::fetch(&out)?;
            let zig = zig::find()?;
            let guest = guest::compile(&zig, &base, &out)?;
            distribution::assemble(base, guest)?
        }
    };
    distribution::write(&distribution, &out.join("runtime.tar.zst"))
}
