//! The runtime distribution: `runtime.toml`, the files that it names, and their hashes.

use super::{
    base::{Base, LIBRARIES},
    crates::hex,
    failure::Failure,
    licenses::Text,
    sources::Sources,
};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fs, io::Read, path::Path};

/// Of the archive that is built into the toolchain. Higher levels gain under 2 % for several seconds.
const COMPRESSION_LEVEL: i32 = 15;

/// Path within the distribution to the file's bytes.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// Names every file of a distribution made of these parts in its `runtime.toml`.
pub(super) fn assemble(
    sources: &Sources,
    base: Base,
    guest: Vec<u8>,
    zones: &Files,
    texts: Vec<Text>,
    here: &Path,
) -> Result<Files, Failure> {
    let own = |path: &str| {
        let path = here.join(path);
        fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let (world, overrides) = (own("wit/sandbox.wit")?, own("overrides.toml")?);
    let mut stdlib = base.stdlib;
    add_python(&here.join("python"), "", &mut stdlib)?;

    let mut text = String::from(
        "# A runtime distribution: CPython for WASI, its standard library and the eryx guest.\n\
         format = 1\nname = \"cpython-wasi\"\npython = \"3.14.0\"\n",
    );
    let mut files = Files::new();
    let mut add = |table: &str, name: &str, path: String, bytes: Vec<u8>| {
        let digest = hex(&Sha256::digest(&bytes));
        text +=
            &format!("\n{table}\nname = \"{name}\"\npath = \"{path}\"\nsha256 = \"{digest}\"\n");
        files.insert(path, bytes);
    };
    let mut libraries = base.libraries;
    for name in LIBRARIES {
        let bytes = libraries
            .remove(name)
            .ok_or_else(|| format!("the base lacks {name}"))?;
        add("[[library]]", name, format!("lib/{name}"), bytes);
    }
    add("[guest]", "liberyx.so", "lib/liberyx.so".into(), guest);
    add("[world]", "sandbox.wit", "sandbox.wit".into(), world);
    add(
        "[overrides]",
        "overrides.toml",
        "overrides.toml".into(),
        overrides,
    );
    add(
        "[stdlib]",
        "stdlib.tar",
        "stdlib.tar".into(),
        archive(&stdlib)?,
    );
    add(
        "[zoneinfo]",
        "zoneinfo.tar",
        "zoneinfo.tar".into(),
        archive(zones)?,
    );
    for (path, bytes) in texts {
        let name = path.rsplit('/').nth(1).unwrap_or_default().to_owned();
        add("[[license]]", &name, path, bytes);
    }
    for source in sources.all() {
        text += &format!(
            "\n[[source]]\nname = \"{}\"\nversion = \"{}\"\nsha256 = \"{}\"\ntakes = \"{}\"\nlicense = \"{}\"\n",
            source.name, source.version, source.sha256, source.takes, source.license
        );
        for part in &source.parts {
            text += &format!(
                "\n[[part]]\nname = \"{}\"\nversion = \"{}\"\nlicense = \"{}\"\n",
                part.name, part.version, part.license
            );
        }
    }
    files.insert("runtime.toml".into(), text.into_bytes());
    Ok(files)
}

/// Adds the Python files below `directory`, under the paths they have in the standard library's directory.
fn add_python(directory: &Path, prefix: &str, stdlib: &mut Files) -> Result<(), Failure> {
    let entries =
        fs::read_dir(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if path.is_dir() && name != "__pycache__" {
            add_python(&path, &format!("{prefix}{name}/"), stdlib)?;
        } else if name.ends_with(".py") {
            let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            stdlib.insert(format!("{prefix}{name}"), bytes);
        }
    }
    Ok(())
}

/// A tar archive without times, owners or anything else of this machine.
fn archive(files: &Files) -> Result<Vec<u8>, Failure> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder
            .append_data(&mut header, path, bytes.as_slice())
            .map_err(|error| format!("{path} could not be archived: {error}"))?;
    }
    builder
        .into_inner()
        .map_err(|error| format!("the archive could not be written: {error}"))
}

/// Reads a ready distribution: its `runtime.toml` and what that names. The crate checks the hashes.
pub(super) fn read(directory: &Path) -> Result<Files, Failure> {
    let read = |path: &str| {
        let path = directory.join(path);
        println!("cargo::rerun-if-changed={}", path.display());
        fs::read(&path).map_err(|error| {
            format!(
                "ERYX_RUNTIME_DIR: {}: {error}; it must name a runtime distribution",
                path.display()
            )
        })
    };
    let manifest = read("runtime.toml")?;
    let text = String::from_utf8_lossy(&manifest);
    let table: toml::Table = text
        .parse()
        .map_err(|error| format!("ERYX_RUNTIME_DIR: runtime.toml: {error}"))?;
    let mut files = Files::new();
    for value in table.values() {
        let entries = value
            .as_array()
            .map_or(std::slice::from_ref(value), Vec::as_slice);
        for path in entries
            .iter()
            .filter_map(|entry| entry.get("path")?.as_str())
        {
            files.insert(path.to_owned(), read(path)?);
        }
    }
    files.insert("runtime.toml".into(), manifest);
    Ok(files)
}

/// The compressed archive that the crate includes.
pub(super) fn compress(files: &Files) -> Result<Vec<u8>, Failure> {
    zstd::encode_all(archive(files)?.as_slice(), COMPRESSION_LEVEL)
        .map_err(|error| format!("the runtime could not be compressed: {error}"))
}

/// The sha256 of `runtime.toml` in a compressed archive, by which the crate knows its distribution without
/// unpacking it.
pub(super) fn identity(compressed: &[u8]) -> Result<String, Failure> {
    let failed = |error| format!("the runtime could not be read again: {error}");
    let mut archive = tar::Archive::new(zstd::Decoder::new(compressed).map_err(failed)?);
    for entry in archive.entries().map_err(failed)? {
        let mut entry = entry.map_err(failed)?;
        if entry.path().map_err(failed)? == Path::new("runtime.toml") {
            let mut manifest = Vec::new();
            entry.read_to_end(&mut manifest).map_err(failed)?;
            return Ok(hex(&Sha256::digest(&manifest)));
        }
    }
    Err("the distribution has no runtime.toml".to_owned())
}
