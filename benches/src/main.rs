//! Measures eryx beside the CPython of this machine, and prints medians and ratios.
//!
//! ```console
//! $ cargo run --release -p eryx-benches               # everything, about four minutes
//! $ cargo run --release -p eryx-benches -- start bake # some of it
//! ```
//!
//! What is compared is measured alternately, A B A B, in one run, so that a busy machine slows both. No
//! number here passes or fails anything. `ERYX_BENCH_PYTHON` names the CPython to compare with; else it is
//! `python3.14`, or the `python3` that there is.
//!
//! This program knows the binaries as a person does, and the loader's library; it knows no inside.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "its results and its steps"
)]

mod bake;
mod ctypes;
mod fusing;
mod imports;
mod library;
mod measure;
mod report;
mod setup;
mod speed;
mod start;

use anyhow::{Result, bail};
use setup::Setup;

/// A group of measurements, by the name that chooses it.
type Bench = (&'static str, fn(&Setup) -> Result<()>);

const BENCHES: [Bench; 7] = [
    ("start", start::run),
    ("imports", imports::run),
    ("ctypes", ctypes::run),
    ("library", library::run),
    ("speed", speed::run),
    ("fusing", fusing::run),
    ("bake", bake::run),
];

fn main() -> Result<()> {
    let chosen: Vec<String> = std::env::args().skip(1).collect();
    for name in &chosen {
        if !BENCHES.iter().any(|(known, _)| known == name) {
            let known = BENCHES.map(|(known, _)| known).join(", ");
            bail!("there is no bench `{name}`: there are {known}");
        }
    }
    let setup = Setup::new()?;
    report::machine(&setup);
    for (name, bench) in BENCHES {
        if chosen.is_empty() || chosen.iter().any(|one| one == name) {
            bench(&setup)?;
        }
    }
    Ok(())
}
