//! The base libraries and the standard library, out of the one crate that carries them.
//!
//! cargo itself downloads the crate, with the user's own configuration. It is never a dependency: its
//! code would bring a second engine along, and only its files are wanted.

use crate::Failure;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    env, fs,
    io::Read,
    path::{Path, PathBuf},
    process::Command,
};

const CRATE: &str = "componentize-py";
const VERSION: &str = "0.25.1";
const SHA256: &str = "addb8010b8a05a736a7efaee36975e616bdc4762c458a3ad553405354b90ed47";

/// The libraries that are taken, in the order in which they are linked.
pub const LIBRARIES: [&str; 8] = [
    "libc.so",
    "libc++abi.so",
    "libc++.so",
    "libwasi-emulated-getpid.so",
    "libwasi-emulated-mman.so",
    "libwasi-emulated-process-clocks.so",
    "libwasi-emulated-signal.so",
    "libpython3.14.so",
];

/// Parts of the standard library that can not work in a sandbox, or belong to CPython's own build.
const LEFT_OUT: [&str; 5] = [
    "config-3.14-wasm32-wasi",
    "idlelib",
    "site-packages",
    "tkinter",
    "turtledemo",
];

/// The most bytes that one file of the crate may unpack to.
const MOST_BYTES: u64 = 256 << 20;

/// What was taken out of the crate.
pub struct Base {
    /// Library name to its bytes.
    pub libraries: BTreeMap<String, Vec<u8>>,
    /// Path below the standard library's folder to the file's bytes.
    pub stdlib: BTreeMap<String, Vec<u8>>,
}

/// Downloads the crate through cargo unless it is there, checks it, and takes out what is needed.
pub fn fetch(out: &Path) -> Result<Base, Failure> {
    let path = match cached() {
        Some(path) => path,
        None => {
            download(out)?;
            cached().ok_or_else(|| {
                format!("cargo said that it downloaded {CRATE} {VERSION}, but it is not in cargo's cache")
            })?
        }
    };
    let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let found = hex(&Sha256::digest(&bytes));
    if found != SHA256 {
        return Err(format!(
            "{} has sha256 {found}, but {SHA256} was expected: delete the file and build again",
            path.display()
        ));
    }
    take(&bytes).map_err(|error| format!("{}: {error}", path.display()))
}

/// The crate's file in cargo's cache, whichever registry it came from.
fn cached() -> Option<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| {
        env::var_os("HOME")
            .or_else(|| env::var_os("USERPROFILE"))
            .map(|home| PathBuf::from(home).join(".cargo"))
    })?;
    let mut registries: Vec<PathBuf> = fs::read_dir(home.join("registry/cache"))
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    registries.sort();
    registries
        .into_iter()
        .map(|registry| registry.join(format!("{CRATE}-{VERSION}.crate")))
        .find(|path| path.is_file())
}

/// `cargo info` makes cargo download exactly one crate, and builds nothing.
fn download(out: &Path) -> Result<(), Failure> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let result = Command::new(cargo)
        .args(["info", "--quiet", &format!("{CRATE}@{VERSION}")])
        // Outside of the workspace, whose lock file this must not touch.
        .current_dir(out)
        .output()
        .map_err(|error| format!("cargo could not be started: {error}"))?;
    if result.status.success() {
        return Ok(());
    }
    Err(format!(
        "The base libraries could not be downloaded: `cargo info {CRATE}@{VERSION}` failed.\n{}\n\
         Build once with a network, or name a ready runtime distribution folder in ERYX_RUNTIME_DIR.",
        String::from_utf8_lossy(&result.stderr).trim()
    ))
}

fn take(bytes: &[u8]) -> std::io::Result<Base> {
    let mut base = Base {
        libraries: BTreeMap::new(),
        stdlib: BTreeMap::new(),
    };
    let prefix = format!("{CRATE}-{VERSION}/");
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
        .take(MOST_BYTES)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
