//! Why a runtime distribution cannot be used.

use std::{io, path::PathBuf};

/// The version of `runtime.toml` that is understood.
pub(crate) const FORMAT: u32 = 1;

/// Why a runtime distribution cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// A file is missing or cannot be read.
    #[error("the runtime's file {path} cannot be read")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// `runtime.toml` is not what it should be.
    #[error("the runtime's runtime.toml is not valid")]
    Manifest(#[source] Box<toml::de::Error>),
    /// The list of overrides is not what it should be.
    #[error("the runtime's overrides.toml is not valid")]
    Overrides(#[source] Box<toml::de::Error>),
    /// `runtime.toml` has another format.
    #[error(
        "the runtime has format {0}, but this eryx reads format {FORMAT}: use a matching runtime"
    )]
    Format(u32),
    /// A file leaves the distribution's directory, or is not UTF-8 where it must be.
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
    /// A distribution cannot be written.
    #[error("the runtime's file {} cannot be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The standard library's archive cannot be read.
    #[error("the runtime's standard library cannot be unpacked")]
    Stdlib(#[source] io::Error),
}
