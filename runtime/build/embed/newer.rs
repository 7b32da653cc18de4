//! Newer files of the standard library than the base has, out of a crate that carries a later one.
//!
//! `stdlib/newer.sha256` names them, each with its hash: those that work with the C code of the base.

use super::{base::Base, crates::hex, failure::Failure, library, sources::Source};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fs, path::Path};

/// The crate, by its name in `sources.toml`.
pub(super) const CRATE: &str = "rustpython-pylib";

/// Which files are taken, below the crate of the runtime, in the format of `sha256sum`.
const LIST: &str = "stdlib/newer.sha256";

/// Where the standard library is in the crate.
const DIRECTORY: &str = "Lib";

/// Puts the files of the list, out of the bytes of the crate, in the place of the base's.
pub(super) fn put(
    source: &Source,
    bytes: &[u8],
    here: &Path,
    base: &mut Base,
) -> Result<(), Failure> {
    let list = fs::read_to_string(here.join(LIST)).map_err(|error| format!("{LIST}: {error}"))?;
    let mut hashes = BTreeMap::new();
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let (hash, path) = line
            .split_once("  ")
            .ok_or_else(|| format!("{LIST}: `{line}` is no hash and path"))?;
        hashes.insert(path, hash);
    }
    let root = format!("{}-{}/{DIRECTORY}", source.name, source.version);
    let found = library::find_all(bytes, Path::new(&root), |path| hashes.contains_key(path))
        .map_err(|error| format!("{}: {error}", source.name))?;
    for (path, hash) in hashes {
        let file = found
            .get(path)
            .ok_or_else(|| format!("{} has no {path}, which {LIST} names", source.name))?;
        if hex(&Sha256::digest(file)) != hash {
            return Err(format!(
                "{path} of {} is not the file whose hash {LIST} has",
                source.name
            ));
        }
        let old = base.stdlib.insert(path.to_owned(), file.clone());
        if old.is_none_or(|old| old == *file) {
            return Err(format!("{LIST}: {path} is nothing newer than the base has"));
        }
    }
    Ok(())
}
