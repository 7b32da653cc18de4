//! Reading a runtime distribution and checking every file of it.

use bytes::Bytes;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read},
    path::{Component, Path, PathBuf},
};

/// The distribution that was put together when this crate was built: a tar archive under zstd.
pub(crate) static EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/runtime.tar.zst"));

/// The identity of the built-in distribution, known without unpacking it.
pub const EMBEDDED_IDENTITY: &str = env!("ERYX_RUNTIME_IDENTITY");

/// The version of `runtime.toml` that is understood.
const FORMAT: u32 = 1;

/// The most bytes a file of a distribution may have.
const MOST_BYTES: u64 = 512 << 20;

/// Why a runtime distribution can not be used.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// A file is missing or can not be read.
    #[error("the runtime's file {path} can not be read")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// `runtime.toml` is not what it should be.
    #[error("the runtime's runtime.toml is not valid")]
    Manifest(#[source] Box<toml::de::Error>),
    /// `runtime.toml` has another format.
    #[error(
        "the runtime has format {0}, but this eryx reads format {FORMAT}: use a matching runtime"
    )]
    Format(u32),
    /// A file leaves the distribution's folder, or is not UTF-8 where it must be.
    #[error("the runtime's file {0} has a path or content that is not allowed")]
    Unusable(String),
    /// A file is not the one that `runtime.toml` names.
    #[error(
        "the runtime's file {path} has sha256 {found}, but its runtime.toml says {expected}: \
         the distribution is damaged, get it anew"
    )]
    Hash {
        /// The file.
        path: String,
        /// Of the file.
        found: String,
        /// By `runtime.toml`.
        expected: String,
    },
    /// Something is where a distribution should be written.
    #[error("{} is there already: name a folder that is new or empty", .0.display())]
    Exists(PathBuf),
    /// A distribution can not be written.
    #[error("the runtime's file {} can not be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The standard library's archive can not be read.
    #[error("the runtime's standard library can not be unpacked")]
    Stdlib(#[source] io::Error),
}

/// A shared wasm library of the runtime.
#[derive(Debug, Clone)]
pub struct Library {
    /// The name under which other libraries need it, such as `libc.so`.
    pub name: String,
    /// The wasm module with its `dylink.0` section.
    pub bytes: Vec<u8>,
}

/// A runtime distribution whose every file has the hash that its `runtime.toml` names.
#[derive(Debug, Clone)]
pub struct Distribution {
    name: String,
    python: String,
    identity: String,
    libraries: Vec<Library>,
    guest: Library,
    world: String,
    stdlib: BTreeMap<String, Bytes>,
    zoneinfo: BTreeMap<String, Bytes>,
    sources: Vec<Source>,
    parts: Vec<Part>,
    licenses: Vec<LicenseText>,
}

/// A work of others within a runtime, such as CPython or bzip2.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence: an SPDX expression.
    pub license: String,
}

/// The text of a licence, or one of its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenseText {
    /// The name of the [`Part`] that is under it.
    pub part: String,
    /// Its path in the distribution, with `/` between its parts.
    pub path: String,
    /// The text.
    pub text: Vec<u8>,
}

/// What a runtime was made of besides the project's own files.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Source {
    /// The package's name in its registry.
    pub name: String,
    /// Its exact version.
    pub version: String,
    /// Of the package's file, in lower-case hexadecimal digits.
    pub sha256: String,
    /// What was taken of it, in words.
    pub takes: String,
    /// Of what was taken: an SPDX expression.
    pub license: String,
}

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

    /// The distribution's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version of Python, such as `3.14.0`.
    pub fn python(&self) -> &str {
        &self.python
    }

    /// The sha256 of `runtime.toml`, and so of every file, in lower-case hexadecimal digits.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// The base libraries, in the order in which they are linked.
    pub fn libraries(&self) -> &[Library] {
        &self.libraries
    }

    /// The guest, which exports the world.
    pub fn guest(&self) -> &Library {
        &self.guest
    }

    /// How many bytes the libraries, the standard library and the time zones have together.
    pub fn size(&self) -> u64 {
        let files = self.stdlib.values().chain(self.zoneinfo.values());
        let libraries = self.libraries.iter().chain([&self.guest]);
        files.map(|bytes| bytes.len() as u64).sum::<u64>()
            + libraries.map(|one| one.bytes.len() as u64).sum::<u64>()
    }

    /// The world `eryx:sandbox/sandbox`, as WIT text.
    pub fn world(&self) -> &str {
        &self.world
    }

    /// The standard library: paths below its folder, with `/` between their parts, to contents.
    pub fn stdlib(&self) -> &BTreeMap<String, Bytes> {
        &self.stdlib
    }

    /// Time zones: paths below their folder, such as `Europe/Berlin`, to contents in the format TZif (RFC 9636).
    pub fn zoneinfo(&self) -> &BTreeMap<String, Bytes> {
        &self.zoneinfo
    }

    /// What the runtime was made of besides the project's own files.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The works of others within it, each with its licence.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The texts of the licences of its parts.
    pub fn licenses(&self) -> &[LicenseText] {
        &self.licenses
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
