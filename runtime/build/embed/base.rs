//! The base libraries and the standard library, out of the one crate that carries them.

use std::{collections::BTreeMap, io::Read};

use super::sources::Source;

/// The crate, by its name in `sources.toml`.
pub(super) const CRATE: &str = "componentize-py";

/// The libraries that are taken, in the order in which they are linked.
pub(super) const LIBRARIES: [&str; 8] = [
    "libc.so",
    "libc++abi.so",
    "libc++.so",
    "libwasi-emulated-getpid.so",
    "libwasi-emulated-mman.so",
    "libwasi-emulated-process-clocks.so",
    "libwasi-emulated-signal.so",
    "libpython3.14.so",
];

/// Parts of the standard library that cannot work in a sandbox, or belong to CPython's own build.
const LEFT_OUT: [&str; 5] = [
    "config-3.14-wasm32-wasi",
    "idlelib",
    "site-packages",
    "tkinter",
    "turtledemo",
];

/// The most bytes that one file of the crate may unpack to.
const MAX_BYTES: u64 = 256 << 20;

/// What was taken out of the crate.
pub(super) struct Base {
    /// Library name to its bytes.
    pub libraries: BTreeMap<String, Vec<u8>>,
    /// Path below the standard library's directory to the file's bytes.
    pub stdlib: BTreeMap<String, Vec<u8>>,
}

/// Takes what is needed out of the bytes of the crate.
pub(super) fn take(source: &Source, bytes: &[u8]) -> std::io::Result<Base> {
    let mut base = Base {
        libraries: BTreeMap::new(),
        stdlib: BTreeMap::new(),
    };
    let prefix = format!("{}-{}/", source.name, source.version);
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.to_string_lossy().into_owned();
        let Some(name) = path
            .strip_prefix(&prefix)
            .and_then(|name| name.strip_suffix(".zst"))
        else {
            continue;
        };
        if LIBRARIES.contains(&name) {
            base.libraries.insert(name.to_owned(), unpack(&mut entry)?);
        } else if name == "python-lib.tar" {
            base.stdlib = take_stdlib(&unpack(&mut entry)?)?;
        }
    }
    if base.libraries.len() != LIBRARIES.len() || base.stdlib.is_empty() {
        return Err(std::io::Error::other(
            "the crate lacks some of the base libraries",
        ));
    }
    Ok(base)
}

fn take_stdlib(bytes: &[u8]) -> std::io::Result<BTreeMap<String, Vec<u8>>> {
    let mut stdlib = BTreeMap::new();
    for entry in tar::Archive::new(bytes).entries()? {
        let mut entry = entry?;
        let path = entry.path()?.to_string_lossy().into_owned();
        let path = path.trim_start_matches("./").to_owned();
        let top = path.split('/').next().unwrap_or_default();
        if !entry.header().entry_type().is_file() || LEFT_OUT.contains(&top) {
            continue;
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        stdlib.insert(path, bytes);
    }
    Ok(stdlib)
}

fn unpack(compressed: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    zstd::Decoder::new(compressed)?
        .take(MAX_BYTES)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}
