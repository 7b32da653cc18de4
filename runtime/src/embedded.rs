//! The distribution that is built into this crate.

use crate::{distribution::Distribution, error::RuntimeError, read::unpack};
use std::io;

/// The distribution that was put together when this crate was built: a tar archive under zstd.
pub(crate) static EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/runtime.tar.zst"));

/// The identity of the built-in distribution, known without unpacking it.
pub const EMBEDDED_IDENTITY: &str = env!("ERYX_RUNTIME_IDENTITY");

impl Distribution {
    /// The distribution that is built in.
    ///
    /// # Errors
    /// Only when the project was built with a distribution that does not pass its own checks.
    pub fn embedded() -> Result<Self, RuntimeError> {
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, path::PathBuf};

    /// Writes the embedded distribution into a new directory.
    fn exported(name: &str) -> PathBuf {
        let directory = std::env::temp_dir().join(format!("eryx-{name}-{}", std::process::id()));
        crate::export(&directory).unwrap();
        directory
    }

    #[test]
    fn a_directory_with_something_in_it_is_left_alone() {
        let directory = exported("again");
        let error = crate::export(&directory).unwrap_err();
        assert!(matches!(error, RuntimeError::Exists(_)), "{error}");
        fs::remove_dir_all(directory).unwrap();
    }

    #[test]
    fn a_directory_is_the_same_as_the_embedded_one() {
        let directory = exported("folder");
        let read = Distribution::from_directory(&directory).unwrap();
        assert_eq!(
            read.identity(),
            Distribution::embedded().unwrap().identity()
        );
        fs::remove_dir_all(directory).unwrap();
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
        let directory = exported("changed");
        let path = directory.join("lib/libc.so");
        let mut bytes = fs::read(&path).unwrap();
        bytes[100] ^= 1;
        fs::write(&path, bytes).unwrap();
        let error = Distribution::from_directory(&directory).unwrap_err();
        assert!(matches!(error, RuntimeError::Hash { ref path, .. } if path == "lib/libc.so"));
        fs::remove_dir_all(directory).unwrap();
    }

    #[test]
    fn a_path_outside_of_the_directory_is_refused() {
        let directory = exported("outside");
        let path = directory.join("runtime.toml");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("lib/libc.so", "../libc.so")).unwrap();
        let error = Distribution::from_directory(&directory).unwrap_err();
        assert!(matches!(error, RuntimeError::Unusable(ref path) if path == "../libc.so"));
        fs::remove_dir_all(directory).unwrap();
    }
}
