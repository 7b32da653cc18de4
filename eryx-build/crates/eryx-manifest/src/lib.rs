//! `eryx.toml` → [`Manifest`]: what the user asks for.
//!
//! The text is read in two steps: what is *written* (which keys, which kinds of value) and what
//! it *means* (values checked, paths absolute, globs expanded). Both collect every mistake they
//! can find, with its line, its column and a suggestion, before the manifest is refused.
//!
//! This room looks at the file system to say whether a named file is there, and reads requirement
//! files and projects that the manifest names. It must not know package indexes, wheels' contents, wasm or terminals, and it renders nothing: a
//! [`ManifestError`] is a [`miette::Diagnostic`] that a binary can draw.
//!
//! ```
//! use std::path::Path;
//! use eryx_manifest::Manifest;
//!
//! let text = "[image]\nname = \"report\"\n\n[packages]\nrequirments = [\"six==1.17.0\"]\n";
//! let error = Manifest::from_text(text, Path::new("eryx.toml")).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "eryx.toml:5:1: there is no key `requirments` in [packages]",
//! );
//! assert_eq!(error.suggestion().as_deref(), Some("did you mean \"requirements\"?"));
//! ```

mod address;
mod collect;
mod error;
mod image;
mod keys;
mod meaning;
mod mistake;
mod model;
mod packages;
mod problem;
mod project;
mod pyproject;
mod python_name;
mod reference;
mod requirement;
mod requirement_file;
mod sandbox_path;
mod schema;
mod suggestion;
#[cfg(test)]
mod tests;
mod wheels;
mod written;

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use eryx_base::escape::escape;

pub use error::{InvalidManifest, ManifestError};
pub use eryx_packaging::{MAX_PACKAGE_NAME, is_package_name, normalize_package_name};
pub use image::suggested_image_name;
pub use mistake::Mistake;
pub use model::{
    CompileSection, Cpu, Entrypoint, FileMapping, ImageSection, Manifest, OptLevel,
    PackagesSection, PreinitSection, PythonSection, Requirement, RuntimeSection, StripSection,
    Target, Threads,
};
pub use sandbox_path::RESERVED_FOLDERS;
pub use schema::schema;

/// The largest manifest that is read, in bytes (1 MiB).
pub const MAX_MANIFEST_BYTES: u64 = 1 << 20;

/// Reads and checks the manifest at `path`. Relative paths in it start from its folder.
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
            let (line, column) = mistake::position(&before, before.len());
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
    /// its folder is where relative paths start from.
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
        let folder = absolute
            .parent()
            .map_or_else(|| PathBuf::from("/"), Path::to_path_buf);

        let invalid = |drafts| {
            let invalid = InvalidManifest::new(path, text, drafts);
            ManifestError::Invalid(Box::new(invalid))
        };
        let mut mistakes = Vec::new();
        let written =
            written::read(text, &mut mistakes).map_err(|syntax| invalid(vec![*syntax]))?;
        let mut checks = meaning::Checks {
            folder,
            manifest: escape(&absolute.file_name().unwrap_or_default().to_string_lossy())
                .into_owned(),
            text,
            mistakes: &mut mistakes,
        };
        let manifest = meaning::understand(written, absolute, &mut checks);
        if mistakes.is_empty() {
            Ok(manifest)
        } else {
            Err(invalid(mistakes))
        }
    }
}

/// The bytes of the file, without reading a device or pipe and without reading more than allowed.
fn read_bounded(path: &Path) -> Result<Vec<u8>, ManifestError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => ManifestError::Missing {
            path: path.to_owned(),
        },
        _ => ManifestError::Read {
            path: path.to_owned(),
            source,
        },
    };
    // Asked before opening: opening a pipe would wait for its writer.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(ManifestError::NotAFile {
            path: path.to_owned(),
        });
    }
    let mut bytes = Vec::new();
    let read = File::open(path)
        .map_err(failed)?
        .take(MAX_MANIFEST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if u64::try_from(read).is_ok_and(|read| read > MAX_MANIFEST_BYTES) {
        return Err(too_large(path));
    }
    Ok(bytes)
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
