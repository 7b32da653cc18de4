//! Time zones: the compiled files of the IANA database, out of the wheel that carries them.

use super::{failure::Failure, sources::Source, zig::told};
use crate::wheel;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// The wheel, by its name in `sources.toml`.
pub(super) const WHEEL: &str = "tzdata";

/// The directory of the installed wheel.
pub(super) fn install(source: &Source) -> Result<PathBuf, Failure> {
    let requirement = format!(
        "{}=={} --hash=sha256:{}\n",
        source.name, source.version, source.sha256
    );
    wheel::install(&source.name, &source.version, &requirement)
        .map_err(|error| told("The runtime cannot be put together", &error))
}

/// Path below `/usr/share/zoneinfo` to the file's bytes.
pub(super) fn take(directory: &Path) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let mut zones = BTreeMap::new();
    gather(&directory.join("tzdata/zoneinfo"), "", &mut zones)?;
    Ok(zones)
}

/// Takes all files but those that make packages of the directories, which an installer adds to.
fn gather(
    directory: &Path,
    prefix: &str,
    zones: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), Failure> {
    let entries =
        fs::read_dir(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if name == "__pycache__" || name == "__init__.py" {
            continue;
        }
        if path.is_dir() {
            gather(&path, &format!("{prefix}{name}/"), zones)?;
        } else {
            let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            zones.insert(format!("{prefix}{name}"), bytes);
        }
    }
    Ok(())
}
