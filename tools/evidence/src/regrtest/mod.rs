//! CPython's own tests, in the sandbox.
//!
//! ```console
//! $ cargo run --release -p eryx-evidence -- regrtest                   # what was not run yet
//! $ cargo run --release -p eryx-evidence -- regrtest test_json test_re # some modules, once more
//! $ cargo run --release -p eryx-evidence -- regrtest --failed --jobs 2 # what did not pass, once more
//! $ cargo run --release -p eryx-evidence -- regrtest --write           # ... and write docs/src/evidence/regrtest.md
//! ```
//!
//! The tests are Debian's packages of them, or those of a directory (`--from`). They are baked into an image
//! as they are; each module runs in a fresh sandbox, by CPython's own runner, with limits on time and
//! memory. A test that takes its sandbox down is noted, and left out of another run of its module, so that
//! the others count.
//!
//! Why a test fails is in `tools/evidence/regrtest.toml`, which people write after looking into it.

mod image;
mod module;
mod reasons;
mod summary;

use crate::{
    document,
    evidence::{each, own_file, page, records_of},
    records::{Records, today},
};
use anyhow::{Result, bail};
use clap::Args;
use image::Suite;
use module::{Module, State};
use reasons::Reasons;
use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

/// What to run, and how.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only these modules, instead of all that there are; they are run again if they were before
    modules: Vec<String>,
    /// How many at a time
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=64))]
    jobs: u8,
    /// The directory `Lib/test` of a CPython, instead of Debian's
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
pub(crate) fn run(options: &Options) -> Result<()> {
    let reasons = Reasons::read(&own_file("regrtest.toml"))?;
    let directory = records_of("regrtest")?;
    let limit = Duration::from_secs(options.limit.into());
    let suite = Suite::new(&directory, options.from.as_deref(), options.refresh, limit)?;
    let all = suite.modules()?;
    if let Some(name) = options.modules.iter().find(|name| !all.contains(name)) {
        bail!("there is no module `{}` of tests", name.escape_debug());
    }
    let records = Records::of(&directory);
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
        document::write(&page("regrtest.md"), "modules", &text)?;
    }
    println!("\n{}", summary::figures(&rows, &reasons));
    Ok(())
}
