//! What every command of this tool has: what to try, where records are, and doing it several at a time.

use anyhow::{Context, Result, bail};
use clap::Args;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Mutex,
    thread,
};

/// What to try, and how.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only these, instead of all in the list; they are tried again if they were before
    pub names: Vec<String>,
    /// A file with one package a line, instead of `tools/evidence/packages.txt`
    #[arg(long, value_name = "FILE")]
    pub list: Option<PathBuf>,
    /// How many at a time
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=64))]
    pub jobs: u8,
    /// Try all again, also those that were tried before
    #[arg(long)]
    pub again: bool,
}

/// Everything that one try needs.
pub(crate) struct Evidence {
    /// Where records and the directories of single tries are.
    pub directory: PathBuf,
    /// What to try, and how.
    pub options: Options,
}

impl Evidence {
    /// The evidence that a command gathers, with the records of earlier runs.
    pub(crate) fn new(command: &str, options: Options) -> Result<Self> {
        let directory = records_of(command)?;
        Ok(Self { directory, options })
    }

    /// Whether something is to be tried, when there may be a record of it.
    pub(crate) fn is_wanted(&self, name: &str, recorded: bool) -> bool {
        let names = &self.options.names;
        let named = names.iter().any(|one| one == name);
        named || (names.is_empty() && (self.options.again || !recorded))
    }

    /// Does something for each, as many at a time as is asked for.
    pub(crate) fn each<T: Sync>(
        &self,
        all: &[T],
        work: impl Fn(&T) -> Result<()> + Sync,
    ) -> Result<()> {
        each(self.options.jobs, all, work)
    }
}

/// The directory of a command's records, which outlive the run.
pub(crate) fn records_of(command: &str) -> Result<PathBuf> {
    let directory = eryx_tests::target().join("evidence").join(command);
    fs::create_dir_all(&directory)?;
    Ok(directory)
}

/// A file of this tool: a list, or a program that runs in the sandbox.
pub(crate) fn own_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A page of the book's evidence.
pub(crate) fn page(name: &str) -> PathBuf {
    eryx_tests::workspace().join("docs/src/evidence").join(name)
}

/// Does something for each, `jobs` at a time. The first error ends it: what programs in sandboxes do is
/// no error.
pub(crate) fn each<T: Sync>(
    jobs: u8,
    all: &[T],
    work: impl Fn(&T) -> Result<()> + Sync,
) -> Result<()> {
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
pub(crate) fn names(path: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("the list {} cannot be read", path.display()))?;
    let mut names: Vec<String> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let name = line.split('#').next().unwrap_or_default().trim();
        if name.is_empty() {
            continue;
        }
        if !is_normalised(name) {
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

/// Whether a name is one as PEP 503 writes it.
pub(crate) fn is_normalised(name: &str) -> bool {
    let ends = |character: Option<char>| character.is_some_and(|one| one != '-');
    let fits = |one: char| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '-';
    name.len() <= 128
        && name.chars().all(fits)
        && !name.contains("--")
        && ends(name.chars().next())
        && ends(name.chars().next_back())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_pep_503() {
        for name in ["six", "python-dateutil", "a1"] {
            assert!(is_normalised(name), "{name}");
        }
        for name in [
            "", "-a", "a-", "a--b", "PyYAML", "a.b", "a_b", "../a", "a b", "a==1",
        ] {
            assert!(!is_normalised(name), "{name}");
        }
    }
}
