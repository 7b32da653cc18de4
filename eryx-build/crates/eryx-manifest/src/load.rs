//! Reads a manifest from a file or a text.

use std::io;
use std::path::{Path, PathBuf};

use eryx_base::{escape::escape, regular_file};

use crate::checks::Checks;
use crate::error::{InvalidManifest, ManifestError};
use crate::manifest::{Manifest, RawManifest};
use crate::text::position;

/// The largest manifest that is read, in bytes (1 MiB).
pub const MAX_MANIFEST_BYTES: u64 = 1 << 20;

/// Reads and checks the manifest at `path`. Relative paths in it start from its directory.
///
/// # Errors
///
/// The file is missing, unreadable, larger than [`MAX_MANIFEST_BYTES`], empty or not UTF-8 text;
/// or its text has mistakes, which are reported together.
pub fn load(path: &Path) -> Result<Manifest, ManifestError> {
    let bytes = read_bounded(path)?;
    let text = std::str::from_utf8(&bytes);
    let valid = text.map_or_else(|error| error.valid_up_to(), str::len);
    // A zero byte is UTF-8, but no text has it: the file is something else.
    let zero = bytes.iter().position(|byte| *byte == 0);
    match (text, zero) {
        (Ok(text), None) => Manifest::from_text(text, path),
        (_, zero) => {
            let wrong = zero.map_or(valid, |zero| zero.min(valid));
            let before = String::from_utf8_lossy(bytes.get(..wrong).unwrap_or_default());
            let (line, column) = position(&before, before.len());
            Err(ManifestError::NotText {
                path: path.to_owned(),
                line,
                column,
                byte: bytes.get(wrong).copied().unwrap_or_default(),
            })
        }
    }
}

impl Manifest {
    /// As [`load`], with the text at hand instead of in the file at `path`, which need not exist;
    /// its directory is where relative paths start from.
    ///
    /// # Errors
    ///
    /// As [`load`].
    pub fn from_text(text: &str, path: &Path) -> Result<Self, ManifestError> {
        if u64::try_from(text.len()).is_ok_and(|length| length > MAX_MANIFEST_BYTES) {
            return Err(too_large(path));
        }
        if is_blank(text) {
            return Err(ManifestError::Empty {
                path: path.to_owned(),
            });
        }
        let absolute = std::path::absolute(path).map_err(|source| ManifestError::Read {
            path: path.to_owned(),
            source,
        })?;
        let directory = absolute
            .parent()
            .map_or_else(|| PathBuf::from("/"), Path::to_path_buf);

        let invalid = |diagnostics| {
            let invalid = InvalidManifest::new(path, text, diagnostics);
            ManifestError::Invalid(Box::new(invalid))
        };
        let (raw, mut diagnostics) =
            RawManifest::read(text).map_err(|syntax| invalid(vec![*syntax]))?;
        let mut checks = Checks {
            directory,
            manifest: escape(&absolute.file_name().unwrap_or_default().to_string_lossy())
                .into_owned(),
            text,
            diagnostics: &mut diagnostics,
        };
        let manifest = raw.validate(absolute, &mut checks);
        if diagnostics.is_empty() {
            Ok(manifest)
        } else {
            Err(invalid(diagnostics))
        }
    }
}

/// The bytes of the file, without reading a device or pipe and without reading more than allowed.
fn read_bounded(path: &Path) -> Result<Vec<u8>, ManifestError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => ManifestError::Missing {
            path: path.to_owned(),
        },
        _ if regular_file::is_refusal(&source) => ManifestError::NotAFile {
            path: path.to_owned(),
        },
        _ => ManifestError::Read {
            path: path.to_owned(),
            source,
        },
    };
    regular_file::read_at_most(path, MAX_MANIFEST_BYTES)
        .map_err(failed)?
        .ok_or_else(|| too_large(path))
}

fn too_large(path: &Path) -> ManifestError {
    ManifestError::TooLarge {
        path: path.to_owned(),
        limit: MAX_MANIFEST_BYTES,
    }
}

/// Whether a text has nothing but spaces and comments in it.
fn is_blank(text: &str) -> bool {
    text.trim_start_matches('\u{feff}')
        .lines()
        .all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
}
