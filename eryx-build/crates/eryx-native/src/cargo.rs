//! Crates that Rust packages need, fetched before their build: a build itself has no network.
//!
//! A package without a `Cargo.lock` gets one, which is kept, so that its build does not change from day to
//! day.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use eryx_base::{Digest, regular_file};
use eryx_cache::Cache;
use eryx_sdist::SourceTree;

use crate::command::{self, Log};
use crate::error::NativeBuildError;

/// The cache's kind of locks of crates, by the package that they are for.
const LOCKS: &str = "native-crate-locks";

/// The largest lock, in bytes.
const MAX_LOCK: u64 = 16 << 20;

/// What to do when there is no cargo.
const HINT: &str = ": install Rust, with the target wasm32-wasip2";

/// Fetches crates.
pub(crate) struct Crates<'a> {
    /// Where locks are kept that the sources do not have.
    pub cache: &'a Cache,
    /// The hash of the source distribution.
    pub archive: &'a Digest,
    /// Whether such locks are made anew.
    pub upgrade: bool,
}

impl Crates<'_> {
    /// Fetches what the workspaces in the sources need. No code of a package runs.
    pub(crate) fn fetch(
        &self,
        tree: &SourceTree,
        source: &Path,
        log: &mut Log<'_>,
    ) -> Result<(), NativeBuildError> {
        for directory in unlocked(tree) {
            self.lock(&directory, &source.join(&directory), log)?;
        }
        for directory in locked(tree).chain(unlocked(tree)) {
            log.say("fetching crates");
            let mut command = cargo(&["fetch", "--locked"], &source.join(directory));
            command::run(
                &mut command,
                "fetching the crates of the package",
                HINT,
                log,
            )?;
        }
        Ok(())
    }

    /// Puts a lock beside a manifest: that of the last time, or a new one.
    fn lock(
        &self,
        name: &Path,
        directory: &Path,
        log: &mut Log<'_>,
    ) -> Result<(), NativeBuildError> {
        let path = directory.join("Cargo.lock");
        let name = name.as_os_str().as_encoded_bytes();
        let key = Digest::of_parts([&self.archive.as_bytes()[..], name]);
        if let Some(kept) = self.cache.get(LOCKS, &key).filter(|_| !self.upgrade) {
            return fs::write(&path, kept).map_err(NativeBuildError::file(&path));
        }
        log.say("resolving crates");
        let mut command = cargo(&["generate-lockfile"], directory);
        command::run(
            &mut command,
            "resolving the crates of the package",
            HINT,
            log,
        )?;
        // A crate of a workspace has its lock where the workspace is.
        let lock = regular_file::read_at_most(&path, MAX_LOCK).ok().flatten();
        if let Some(lock) = lock {
            self.cache.put(LOCKS, &key, &lock)?;
        }
        Ok(())
    }
}

fn cargo(words: &[&str], directory: &Path) -> Command {
    let mut command = Command::new("cargo");
    command
        .args(words)
        .args(["--quiet", "--manifest-path"])
        .arg(directory.join("Cargo.toml"))
        .current_dir("/");
    command
}

/// The directories below the sources that have a file of this name; the sources themselves are an empty path.
fn directories<'a>(tree: &'a SourceTree, file: &'a str) -> impl Iterator<Item = PathBuf> + 'a {
    tree.files.keys().filter_map(move |path| {
        let below = Path::new(path.strip_prefix(&tree.top)?.strip_prefix('/')?);
        let is_file = below.file_name().is_some_and(|name| name == file);
        is_file.then(|| below.parent().map(Path::to_owned))?
    })
}

fn locked(tree: &SourceTree) -> impl Iterator<Item = PathBuf> + '_ {
    let manifests: Vec<PathBuf> = directories(tree, "Cargo.toml").collect();
    directories(tree, "Cargo.lock").filter(move |directory| manifests.contains(directory))
}

/// Where outermost manifests have no lock.
fn unlocked(tree: &SourceTree) -> impl Iterator<Item = PathBuf> + '_ {
    let manifests: Vec<PathBuf> = directories(tree, "Cargo.toml").collect();
    let locks: Vec<PathBuf> = directories(tree, "Cargo.lock").collect();
    manifests.clone().into_iter().filter(move |directory| {
        let mut above = directory.ancestors().skip(1);
        !above.any(|one| manifests.iter().any(|other| other == one)) && !locks.contains(directory)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workspaces_with_locks_and_without_are_found() {
        let names = [
            "src/a/Cargo.toml",
            "src/a/b/Cargo.toml",
            "rust/Cargo.toml",
            "rust/Cargo.lock",
            "docs/Cargo.lock",
        ];
        let files = names.map(|name| (format!("p-1/{name}"), Default::default()));
        let tree = SourceTree {
            top: "p-1".to_owned(),
            files: files.into(),
            directories: Default::default(),
        };
        assert_eq!(unlocked(&tree).collect::<Vec<_>>(), [Path::new("src/a")]);
        assert_eq!(locked(&tree).collect::<Vec<_>>(), [Path::new("rust")]);
    }
}
