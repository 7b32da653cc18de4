//! Builds the runtime distribution into the crate, when the feature `embedded` asks for it. Who only
//! reads distributions compiles and downloads nothing.

#![expect(clippy::print_stdout, reason = "cargo reads what is printed")]

#[cfg(feature = "embedded")]
mod embed;
// The toolchain's SDK uses the same compiler by the same pin.
#[cfg(feature = "embedded")]
#[path = "../src/wheel.rs"]
#[expect(unreachable_pub, reason = "the library offers it")]
mod wheel;
#[cfg(feature = "embedded")]
#[path = "../src/ziglang.rs"]
#[expect(unreachable_pub, reason = "the library offers it")]
mod ziglang;

use std::process::ExitCode;

#[cfg(feature = "embedded")]
fn main() -> ExitCode {
    match embed::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            for line in failure.lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(feature = "embedded"))]
fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build/main.rs");
    ExitCode::SUCCESS
}
