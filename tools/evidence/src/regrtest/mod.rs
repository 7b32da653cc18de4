//! CPython's own tests, in the sandbox.
//!
//! ```console
//! $ cargo run --release -p eryx-benches -- regrtest                   # what was not run yet
//! $ cargo run --release -p eryx-benches -- regrtest test_json test_re # some modules, once more
//! $ cargo run --release -p eryx-benches -- regrtest --failed --jobs 2 # what did not pass, once more
//! $ cargo run --release -p eryx-benches -- regrtest --write           # ... and write docs/src/evidence/regrtest.md
//! ```
//!
//! The tests are Debian's packages of them, or those of a folder (`--from`). They are baked into an image
//! as they are; each module runs in a fresh sandbox, by CPython's own runner, with limits on time and
//! memory. A test that takes its sandbox down is noted, and left out of another run of its module, so that
//! the others count.
//!
//! Why a test fails is in `benches/regrtest.toml`, which people write after looking into it.

mod image;
mod module;
mod reasons;
mod summary;

use super::{
    each,
    records::{Records, today},
};
use crate::setup::Binaries;
use anyhow::{Result, bail};
use clap::Parser;
use image::Suite;
use module::{Module, State};
use reasons::Reasons;
use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

/// What to run, and how.
#[derive(Debug, Parser)]
#[command(no_binary_name = true)]
struct Options {
    /// Only these modules, instead of all that there are; they are run again if they were before
    modules: Vec<String>,
    /// How many at a time
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=64))]
    jobs: u8,
    /// The folder `Lib/test` of a CPython, instead of Debian's
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
    /// Write docs/src/evidence/regrtest.md
    #[arg(long)]
    write: bool,
    /// Run all again
    #[arg(long)]
    again: bool,
    /// Run again what did not pass
    #[arg(long)]
    failed: bool,
    /// How long one run of a module may take, in seconds
    #[arg(long, value_name = "N", default_value_t = 120, value_parser = clap::value_parser!(u16).range(1..))]
    limit: u16,
    /// Ask for newer tests
    #[arg(long)]
    refresh: bool,
}

/// Runs what is wanted, and writes the document when that is asked for.
pub fn run(arguments: &[String]) -> Result<()> {
    let options = Options::try_parse_from(arguments).unwrap_or_else(|error| error.exit());
    let binaries = Binaries::build()?;
    let reasons = Reasons::read(&binaries.workspace.join("benches/regrtest.toml"))?;
    let folder = binaries.target.join("benches/evidence/regrtest");
    fs::create_dir_all(&folder)?;
    let limit = Duration::from_secs(options.limit.into());
    let suite = Suite::new(
        &binaries,
        &folder,
        options.from.as_deref(),
        options.refresh,
        limit,
    )?;
    let all = suite.modules()?;
    if let Some(name) = options.modules.iter().find(|name| !all.contains(name)) {
        bail!("there is no module `{}` of tests", name.escape_debug());
    }
    let records = Records::of(&folder);
    let known = records.read::<Module>()?;
    let is_wanted = |name: &String| {
        let named = options.modules.contains(name);
        let recorded = known
            .get(name)
            .filter(|module| module.suite == suite.version);
        let fine = |module: &Module| matches!(module.state, State::Passed | State::Skipped);
        let due = match recorded {
            None => true,
            Some(module) => options.again || (options.failed && !fine(module)),
        };
        named || (options.modules.is_empty() && due)
    };
    let wanted: Vec<String> = all.iter().filter(|name| is_wanted(name)).cloned().collect();
    each(options.jobs, &wanted, |name| {
        let started = Instant::now();
        let module = module::run(&suite, name, today())?;
        let seconds = started.elapsed().as_secs();
        println!("{name:<44} {seconds:>4} s   {}", module.outcome());
        for failure in &module.failures {
            let reason = reasons.of(name, failure);
            println!(
                "    {} [{}]\n        {}",
                failure.place(),
                reason,
                failure.message
            );
        }
        records.add(&module)
    })?;
    let known = records.read::<Module>()?;
    let rows: Vec<&Module> = all.iter().filter_map(|name| known.get(name)).collect();
    let text = summary::text(&rows, &reasons)?;
    if options.write {
        super::document::write(
            &binaries.workspace.join("docs/src/evidence/regrtest.md"),
            "modules",
            &text,
        )?;
    }
    println!("\n{}", summary::figures(&rows, &reasons));
    Ok(())
}
