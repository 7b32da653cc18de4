//! Evidence on real packages: whether they bake and import, and whether their own tests pass.
//!
//! ```console
//! $ cargo run --release -p eryx-evidence -- compatibility          # the packages of packages.txt
//! $ cargo run --release -p eryx-evidence -- compatibility six idna # only these
//! $ cargo run --release -p eryx-evidence -- jobs sympy             # let packages do real work
//! $ cargo run --release -p eryx-evidence -- suites attrs           # run a package's own tests
//! $ cargo run --release -p eryx-evidence -- native msgpack         # the same, built with the SDK
//! $ cargo run --release -p eryx-evidence -- regrtest test_json     # run CPython's own tests
//! ```
//!
//! Each package is baked by the real toolchain and run by the real loader. What came of it is kept
//! as a line of JSON in `target/evidence`, so that a run that is stopped goes on where it was, and is
//! written as tables into the book. Packages are chosen and downloaded by the toolchain, with
//! whatever installer and index it uses.
//!
//! This tool knows the binaries as a person does. It must not know why they do what they do: the
//! reasons in the tables are taken from their messages.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "its results and its steps"
)]

mod compatibility;
mod document;
mod evidence;
mod jobs;
mod model;
mod native;
mod process;
mod project;
mod reason;
mod records;
mod regrtest;
mod suite_report;
mod suites;

use anyhow::Result;
use clap::Parser;
use evidence::{Evidence, Options};

/// Tries real packages and CPython's own tests, and writes what came of it into the book.
#[derive(Debug, Parser)]
enum Command {
    /// Bake and import packages
    Compatibility(Options),
    /// Run a short real job with each of the packages that people use most
    Jobs(Options),
    /// Run the test suites of packages
    Suites(Options),
    /// Build packages with native code, and run their test suites
    Native(Options),
    /// Run CPython's own tests
    Regrtest(regrtest::Options),
}

fn main() -> Result<()> {
    match Command::parse() {
        Command::Compatibility(options) => {
            compatibility::run(&Evidence::new("compatibility", options)?)
        }
        Command::Jobs(options) => jobs::run(&Evidence::new("jobs", options)?),
        Command::Suites(options) => suites::run(&Evidence::new("suites", options)?),
        Command::Native(options) => native::run(&Evidence::new("native", options)?),
        Command::Regrtest(options) => regrtest::run(&options),
    }
}
