//! Which runtime a command is about, when no manifest is read as a whole.

use eryx_base::{regular_file, variables};
use std::{
    env,
    path::{Path, PathBuf},
};

/// The most that is read of a manifest, in bytes.
const MAX_MANIFEST_BYTES: u64 = 16 << 20;

/// The folder of the runtime of the environment; `None` for the built-in one.
pub(super) fn of_environment() -> Option<PathBuf> {
    variables::RUNTIME_DIR.path()
}

/// The folder of the runtime that is named, or else that of a bake in the current folder.
pub(super) fn of_bake(named: Option<&Path>) -> Option<PathBuf> {
    let named = named.map(Path::to_owned);
    named
        .or_else(|| of_manifest(Path::new("eryx.toml")))
        .or_else(of_environment)
}

/// The folder of the runtime for a program that stands for a compiler. One that a build starts has the
/// runtime in its environment, and may run in any folder.
pub(super) fn of_program() -> Option<PathBuf> {
    match env::var_os(variables::RUNTIME_DIR.name) {
        Some(_) => of_environment(),
        None => of_bake(None),
    }
}

/// What a manifest has as its runtime's path. The rest of it is not looked at: it may name wheels that
/// are still to be built. Its mistakes are for the bake to tell.
fn of_manifest(path: &Path) -> Option<PathBuf> {
    let text = regular_file::read_at_most(path, MAX_MANIFEST_BYTES).ok()??;
    let text = String::from_utf8(text).ok()?;
    let table: toml::Table = text.parse().ok()?;
    let folder = table.get("runtime")?.get("path")?.as_str()?;
    Some(PathBuf::from(folder))
}
