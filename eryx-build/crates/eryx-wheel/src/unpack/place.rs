//! Where the files of a wheel go in the site tree, and what they mean there.

use std::collections::BTreeMap;
use std::sync::Arc;

use eryx_packaging::{Distribution, normalize_package_name};
use eryx_wasm::dylink::is_shared_library;

use crate::native;
use crate::note::Note;

use super::error::WheelProblem;
use super::identity::check_directory_name;

/// Where a file of the wheel goes.
pub(super) enum Place {
    /// Into the site tree, at this path.
    Tree(String),
    /// Nowhere, as it is a script of this name.
    Script(String),
    Nowhere,
}

/// Where a file of the wheel goes: `purelib` and `platlib` to the root of the site tree, `data`
/// where it is in the wheel (there is no installation prefix to put it under), and `scripts` and
/// `headers` nowhere.
pub(super) fn place(path: &str, distribution: &Distribution) -> Result<Place, WheelProblem> {
    let in_tree = |path: &str| Ok(Place::Tree(path.to_owned()));
    let Some((directory, rest)) = path.split_once('/') else {
        return in_tree(path);
    };
    // Only the directory of this very package has that meaning; a package may be named `x.data`.
    if check_directory_name(directory, ".data", distribution).is_err() {
        return in_tree(path);
    }
    match rest.split_once('/') {
        Some(("purelib" | "platlib", rest)) => in_tree(rest),
        Some(("data", _)) => in_tree(path),
        Some(("scripts", name)) => Ok(Place::Script(name.to_owned())),
        Some(("headers", _)) => Ok(Place::Nowhere),
        _ => Err(WheelProblem::DataDirectory(path.to_owned())),
    }
}

/// A note on the files that an installer would put below its prefix.
pub(super) fn data_note(
    package: &str,
    placed: &BTreeMap<String, Arc<[u8]>>,
    distribution: &Distribution,
) -> Option<Note> {
    let mut data = placed.keys().filter_map(|path| {
        let (directory, rest) = path.split_once('/')?;
        let is_data = rest.starts_with("data/")
            && check_directory_name(directory, ".data", distribution).is_ok();
        is_data.then_some(directory)
    });
    let directory = data.next()?;
    Some(Note::Data {
        package: package.to_owned(),
        directory: format!("{directory}/data"),
        files: data.count().saturating_add(1),
    })
}

/// Whether a path is a directory of metadata at the root of the tree or in one. `importlib.metadata`
/// asks for no certain case.
pub(super) fn is_metadata(path: &str) -> bool {
    let directory = path.split('/').next().unwrap_or(path);
    directory.to_ascii_lowercase().ends_with(".dist-info")
}

/// The normalised name of the package whose metadata a path would be by the old format, `.egg-info`, at
/// the root of the site tree.
pub(super) fn legacy_metadata(path: &str) -> Option<String> {
    let directory = path.split('/').next()?.to_ascii_lowercase();
    let stem = directory.strip_suffix(".egg-info")?;
    let name = stem.split('-').next().unwrap_or(stem);
    Some(normalize_package_name(name))
}

/// Bytecode of another Python, or of one that lies about its source, is never taken.
pub(super) fn is_bytecode_cache(path: &str) -> bool {
    path.split('/').any(|name| name == "__pycache__")
}

pub(super) fn is_any_library(path: &str, contents: &[u8]) -> bool {
    native::identify(path, contents).is_some() || is_shared_library(contents)
}
