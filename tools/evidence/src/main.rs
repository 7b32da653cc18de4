//! Evidence on real packages: whether they bake and import, and whether their own tests pass.
//!
//! ```console
//! $ cargo run --release -p eryx-benches -- compatibility          # the packages of packages.txt
//! $ cargo run --release -p eryx-benches -- compatibility six idna # only these
//! $ cargo run --release -p eryx-benches -- suites attrs           # run a package's own tests
//! $ cargo run --release -p eryx-benches -- native msgpack         # the same, built with the SDK
//! $ cargo run --release -p eryx-benches -- regrtest test_json     # run CPython's own tests
//! ```
//!
//! Each package is baked by the real toolchain and run by the real loader. What came of it is kept
//! as a line of JSON in `target/benches/evidence`, so that a run that is stopped goes on where it was, and
//! is written as tables into `docs/src/evidence/compatibility.md` and `docs/src/evidence/native-packages.md`. Packages are chosen and downloaded by the
//! toolchain, with whatever installer and index it uses.
//!
//! This room knows the binaries as a person does. It must not know why they do what they do: the
//! reasons in the tables are taken from their messages.

mod compatibility;
mod document;
mod native;
mod process;
mod project;
mod reason;
mod records;
mod regrtest;
mod suites;

use crate::setup::Binaries;
use anyhow::{Context, Result, bail};
use clap::Parser;
use std::{fs, path::PathBuf, sync::Mutex, thread};

/// What to try, and how.
#[derive(Debug, Parser)]
#[command(no_binary_name = true)]
struct Options {
    /// Only these, instead of all in the list; they are tried again if they were before
    names: Vec<String>,
    /// A file with one package a line, instead of `benches/packages.txt`
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
    /// How many at a time
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=64))]
    jobs: u8,
    /// Try all again, also those that were tried before
    #[arg(long)]
    again: bool,
}

/// Everything that one try needs.
struct Evidence {
    binaries: Binaries,
    /// Where records and the folders of single tries are.
    folder: PathBuf,
    options: Options,
}

impl Evidence {
    fn new(command: &str, arguments: &[String]) -> Result<Evidence> {
        let options = Options::try_parse_from(arguments).unwrap_or_else(|error| error.exit());
        let binaries = Binaries::build()?;
        let folder = binaries.target.join("benches/evidence").join(command);
        fs::create_dir_all(&folder)?;
        Ok(Evidence {
            binaries,
            folder,
            options,
        })
    }

    /// Whether something is to be tried, when there may be a record of it.
    fn wanted(&self, name: &str, recorded: bool) -> bool {
        let names = &self.options.names;
        let named = names.iter().any(|one| one == name);
        named || (names.is_empty() && (self.options.again || !recorded))
    }

    /// Does something for each, as many at a time as is asked for.
    fn each<T: Sync>(&self, all: &[T], work: impl Fn(&T) -> Result<()> + Sync) -> Result<()> {
        each(self.options.jobs, all, work)
    }

    fn document(&self) -> PathBuf {
        self.binaries
            .workspace
            .join("docs/src/evidence/compatibility.md")
    }
}

/// `compatibility`: bakes and imports packages.
pub fn compatibility(arguments: &[String]) -> Result<()> {
    compatibility::run(&Evidence::new("compatibility", arguments)?)
}

/// `suites`: runs the test suites of packages.
pub fn suites(arguments: &[String]) -> Result<()> {
    suites::run(&Evidence::new("suites", arguments)?)
}

/// `native`: builds packages with native code, and runs their test suites.
pub fn native(arguments: &[String]) -> Result<()> {
    native::run(&Evidence::new("native", arguments)?)
}

/// `regrtest`: runs CPython's own tests.
pub fn regrtest(arguments: &[String]) -> Result<()> {
    regrtest::run(arguments)
}

/// Does something for each, `jobs` at a time. The first error ends it: what programs in sandboxes do is
/// no error.
fn each<T: Sync>(jobs: u8, all: &[T], work: impl Fn(&T) -> Result<()> + Sync) -> Result<()> {
    let queue = Mutex::new(all.iter());
    let next = || queue.lock().ok()?.next();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs)
            .map(|_| {
                scope.spawn(|| {
                    while let Some(one) = next() {
                        work(one)?;
                    }
                    Ok(())
                })
            })
            .collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().unwrap_or_else(|_| bail!("a worker panicked")))
    })
}

/// The names in a list: one a line, with comments after `#`.
fn names(path: &std::path::Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("the list {} can not be read", path.display()))?;
    let mut names: Vec<String> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let name = line.split('#').next().unwrap_or_default().trim();
        if name.is_empty() {
            continue;
        }
        if !project::is_normalised(name) {
            bail!(
                "{}:{}: `{}` is no normalised package name (lower-case letters, digits and `-`)",
                path.display(),
                index + 1,
                name.escape_debug()
            );
        }
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}
