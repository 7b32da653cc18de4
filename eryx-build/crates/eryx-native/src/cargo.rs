//! Crates that Rust packages need, fetched before their build: a build itself has no network.

use std::{path::Path, process::Command};

use eryx_sdist::SourceTree;

use crate::command::{self, Log};
use crate::error::NativeBuildError;

/// Fetches what each locked workspace in the sources names. No code of a package runs.
pub(crate) fn fetch(
    tree: &SourceTree,
    source: &Path,
    log: &mut Log<'_>,
) -> Result<(), NativeBuildError> {
    let locks = tree.files.keys().filter_map(|path| {
        let below = path.strip_prefix(&tree.top)?.strip_prefix('/')?;
        let directory = below.strip_suffix("Cargo.lock")?;
        let has_manifest = tree.get(&format!("{directory}Cargo.toml")).is_some();
        has_manifest.then_some(directory)
    });
    for directory in locks {
        let manifest = source.join(directory).join("Cargo.toml");
        let mut command = Command::new("cargo");
        command
            .args(["fetch", "--quiet", "--locked", "--manifest-path"])
            .arg(&manifest)
            .current_dir("/");
        log.say("fetching crates");
        command::run(
            &mut command,
            "fetching the crates of the package",
            ": install Rust, with the target wasm32-wasip2",
            log,
        )?;
    }
    Ok(())
}
