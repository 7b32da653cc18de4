//! Reading a runtime distribution and checking every file of it.

use crate::{
    distribution::{Distribution, Library, LicenseText, Override, Part, Retired, Source},
    error::{FORMAT, RuntimeError},
};
use bytes::Bytes;
use eryx_base::regular_file;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    io::{self, Read},
    path::{Component, Path},
};

/// The most bytes a file of a distribution may have.
const MAX_BYTES: u64 = 512 << 20;

#[derive(Deserialize)]
struct RawManifest {
    format: u32,
    name: String,
    python: String,
    library: Vec<RawFile>,
    guest: RawFile,
    world: RawFile,
    overrides: Option<RawFile>,
    stdlib: RawFile,
    zoneinfo: Option<RawFile>,
    #[serde(default)]
    source: Vec<Source>,
    #[serde(default)]
    part: Vec<Part>,
    #[serde(default)]
    license: Vec<RawFile>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOverrides {
    #[serde(rename = "override")]
    overrides: Vec<Override>,
    #[serde(default)]
    retired: Vec<Retired>,
}

#[derive(Deserialize)]
struct RawFile {
    name: String,
    path: String,
    sha256: String,
}

impl Distribution {
    /// The distribution in a directory.
    ///
    /// # Errors
    /// When a file is missing, larger than 512 MiB, or not the one that `runtime.toml` names.
    pub fn from_directory(directory: &Path) -> Result<Self, RuntimeError> {
        Self::from_files(|path| {
            let below = Path::new(path);
            if !below
                .components()
                .all(|part| matches!(part, Component::Normal(_)))
            {
                return Err(RuntimeError::Unusable(path.to_owned()));
            }
            let full = directory.join(below);
            let read = || {
                let file = regular_file::open(&full)?;
                let mut bytes = Vec::new();
                file.take(MAX_BYTES).read_to_end(&mut bytes)?;
                Ok(bytes)
            };
            read().map_err(|source| RuntimeError::Read {
                path: full.clone(),
                source,
            })
        })
    }

    /// Reads the files of a distribution by their paths.
    pub(crate) fn from_files(
        read: impl Fn(&str) -> Result<Vec<u8>, RuntimeError>,
    ) -> Result<Self, RuntimeError> {
        let manifest = read("runtime.toml")?;
        let identity = hex(&Sha256::digest(&manifest));
        let manifest = String::from_utf8(manifest)
            .map_err(|_| RuntimeError::Unusable("runtime.toml".to_owned()))?;
        let raw: RawManifest =
            toml::from_str(&manifest).map_err(|error| RuntimeError::Manifest(Box::new(error)))?;
        if raw.format != FORMAT {
            return Err(RuntimeError::Format(raw.format));
        }
        let checked = |file: &RawFile| {
            let bytes = read(&file.path)?;
            let found = hex(&Sha256::digest(&bytes));
            if found == file.sha256 {
                Ok(bytes)
            } else {
                Err(RuntimeError::Hash {
                    path: file.path.clone(),
                    found,
                    expected: file.sha256.clone(),
                })
            }
        };
        let library = |file: &RawFile| {
            Ok(Library {
                name: file.name.clone(),
                bytes: checked(file)?,
            })
        };
        let text = |file: &RawFile| {
            String::from_utf8(checked(file)?).map_err(|_| RuntimeError::Unusable(file.path.clone()))
        };
        let world = text(&raw.world)?;
        let overrides = match &raw.overrides {
            Some(file) => toml::from_str(&text(file)?)
                .map_err(|error| RuntimeError::Overrides(Box::new(error)))?,
            None => RawOverrides::default(),
        };
        Ok(Self {
            libraries: raw
                .library
                .iter()
                .map(library)
                .collect::<Result<_, RuntimeError>>()?,
            guest: library(&raw.guest)?,
            world,
            overrides: overrides.overrides,
            retired: overrides.retired,
            stdlib: unpack(checked(&raw.stdlib)?).map_err(RuntimeError::Stdlib)?,
            zoneinfo: match &raw.zoneinfo {
                Some(file) => unpack(checked(file)?).map_err(RuntimeError::Stdlib)?,
                None => BTreeMap::new(),
            },
            licenses: raw
                .license
                .iter()
                .map(|file| {
                    Ok(LicenseText {
                        part: file.name.clone(),
                        path: file.path.clone(),
                        text: checked(file)?,
                    })
                })
                .collect::<Result<_, RuntimeError>>()?,
            sources: raw.source,
            parts: raw.part,
            name: raw.name,
            python: raw.python,
            identity,
        })
    }
}

/// The files of a tar archive, which share its memory.
pub(crate) fn unpack(archive: Vec<u8>) -> io::Result<BTreeMap<String, Bytes>> {
    let archive = Bytes::from(archive);
    let mut files = BTreeMap::new();
    for entry in tar::Archive::new(&archive[..]).entries()? {
        let entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry
            .path()?
            .to_str()
            .map(str::to_owned)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a path is not UTF-8"))?;
        let start = usize::try_from(entry.raw_file_position()).unwrap_or(usize::MAX);
        let end = start.saturating_add(usize::try_from(entry.size()).unwrap_or(usize::MAX));
        if end > archive.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        files.insert(path, archive.slice(start..end));
    }
    Ok(files)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
