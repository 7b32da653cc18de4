//! Reading a runtime distribution and checking every file of it.

use crate::{Distribution, Library, LicenseText, Part, RuntimeError, Source};
use bytes::Bytes;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read},
    path::{Component, Path},
};

/// The distribution that was put together when this crate was built: a tar archive under zstd.
pub(crate) static EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/runtime.tar.zst"));

/// The identity of the built-in distribution, known without unpacking it.
pub const EMBEDDED_IDENTITY: &str = env!("ERYX_RUNTIME_IDENTITY");

/// The version of `runtime.toml` that is understood.
pub(crate) const FORMAT: u32 = 1;

/// The most bytes a file of a distribution may have.
const MOST_BYTES: u64 = 512 << 20;

#[derive(Deserialize)]
struct RawManifest {
    format: u32,
    name: String,
    python: String,
    library: Vec<RawFile>,
    guest: RawFile,
    world: RawFile,
    stdlib: RawFile,
    zoneinfo: Option<RawFile>,
    #[serde(default)]
    source: Vec<Source>,
    #[serde(default)]
    part: Vec<Part>,
    #[serde(default)]
    license: Vec<RawFile>,
}

#[derive(Deserialize)]
struct RawFile {
    name: String,
    path: String,
    sha256: String,
}

impl Distribution {
    /// The distribution that is built in.
    ///
    /// # Errors
    /// Only when the project was built with a distribution that does not pass its own checks.
    pub fn embedded() -> Result<Distribution, RuntimeError> {
        let archive = zstd::decode_all(EMBEDDED).map_err(RuntimeError::Stdlib)?;
        let files = unpack(archive).map_err(RuntimeError::Stdlib)?;
        Self::from_files(|path| {
            files
                .get(path)
                .map(|file| file.to_vec())
                .ok_or_else(|| RuntimeError::Read {
                    path: path.into(),
                    source: io::ErrorKind::NotFound.into(),
                })
        })
    }

    /// The distribution in a folder.
    ///
    /// # Errors
    /// When a file is missing, larger than 512 MiB, or not the one that `runtime.toml` names.
    pub fn from_folder(folder: &Path) -> Result<Distribution, RuntimeError> {
        Self::from_files(|path| {
            let below = Path::new(path);
            if !below
                .components()
                .all(|part| matches!(part, Component::Normal(_)))
            {
                return Err(RuntimeError::Unusable(path.to_owned()));
            }
            let full = folder.join(below);
            let read = || {
                let file = fs::File::open(&full)?;
                let mut bytes = Vec::new();
                file.take(MOST_BYTES).read_to_end(&mut bytes)?;
                Ok(bytes)
            };
            read().map_err(|source| RuntimeError::Read {
                path: full.clone(),
                source,
            })
        })
    }

    fn from_files(
        read: impl Fn(&str) -> Result<Vec<u8>, RuntimeError>,
    ) -> Result<Distribution, RuntimeError> {
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
        let world = String::from_utf8(checked(&raw.world)?)
            .map_err(|_| RuntimeError::Unusable(raw.world.path.clone()))?;
        Ok(Distribution {
            libraries: raw
                .library
                .iter()
                .map(library)
                .collect::<Result<_, RuntimeError>>()?,
            guest: library(&raw.guest)?,
            world,
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// Writes the embedded distribution into a new folder.
    fn exported(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("eryx-{name}-{}", std::process::id()));
        crate::export(&folder).unwrap();
        folder
    }

    #[test]
    fn a_folder_with_something_in_it_is_left_alone() {
        let folder = exported("again");
        let error = crate::export(&folder).unwrap_err();
        assert!(matches!(error, RuntimeError::Exists(_)), "{error}");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_folder_is_the_same_as_the_embedded_one() {
        let folder = exported("folder");
        let read = Distribution::from_folder(&folder).unwrap();
        assert_eq!(
            read.identity(),
            Distribution::embedded().unwrap().identity()
        );
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn the_identity_is_that_of_the_embedded_one() {
        assert_eq!(
            Distribution::embedded().unwrap().identity(),
            EMBEDDED_IDENTITY
        );
    }

    #[test]
    fn every_part_has_the_text_of_its_licence() {
        let runtime = Distribution::embedded().unwrap();
        let names: Vec<&str> = runtime
            .parts()
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        for name in ["CPython", "wasi-libc", "bzip2", "zstd", "tzdata"] {
            assert!(names.contains(&name), "{names:?}");
        }
        for name in names {
            let mut texts = runtime.licenses().iter().filter(|one| one.part == name);
            assert!(texts.any(|one| one.text.len() > 100), "{name}");
        }
    }

    #[test]
    fn a_changed_file_is_refused() {
        let folder = exported("changed");
        let path = folder.join("lib/libc.so");
        let mut bytes = fs::read(&path).unwrap();
        bytes[100] ^= 1;
        fs::write(&path, bytes).unwrap();
        let error = Distribution::from_folder(&folder).unwrap_err();
        assert!(matches!(error, RuntimeError::Hash { ref path, .. } if path == "lib/libc.so"));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_path_outside_of_the_folder_is_refused() {
        let folder = exported("outside");
        let path = folder.join("runtime.toml");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("lib/libc.so", "../libc.so")).unwrap();
        let error = Distribution::from_folder(&folder).unwrap_err();
        assert!(matches!(error, RuntimeError::Unusable(ref path) if path == "../libc.so"));
        fs::remove_dir_all(folder).unwrap();
    }
}
