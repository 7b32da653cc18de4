//! Why a manifest cannot be used.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use miette::{LabeledSpan, SourceCode};

use crate::diagnostic::{Diagnostic, SpannedDiagnostic, named_source};

/// How many mistakes of one manifest are reported; the rest are counted.
const MAX_REPORTED: usize = 20;

/// The smallest manifest that bakes, as messages show it.
const SMALLEST_MANIFEST: &str = "[image]\nname = \"example\"";

/// Why a manifest could not be read or used.
///
/// As a [`miette::Diagnostic`] it carries the text of the manifest, the marked ranges and suggestions.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The file is not there.
    #[error("there is no manifest at {}", path.display())]
    Missing {
        /// The path as it was given.
        path: PathBuf,
    },
    /// The file could not be read.
    #[error("cannot read the manifest {}", path.display())]
    Read {
        /// The path as it was given.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
    /// The path names a directory, a device or a pipe.
    #[error("the manifest {} is not a file", path.display())]
    NotAFile {
        /// The path as it was given.
        path: PathBuf,
    },
    /// The file is larger than any manifest.
    #[error("the manifest {} is larger than {limit} bytes", path.display())]
    TooLarge {
        /// The path as it was given.
        path: PathBuf,
        /// The largest size that is accepted, in bytes.
        limit: u64,
    },
    /// The file is not UTF-8 text, or has a zero byte in it.
    #[error(
        "the manifest {} is not a UTF-8 text file: line {line}, column {column} has the byte 0x{byte:02x}",
        path.display()
    )]
    NotText {
        /// The path as it was given.
        path: PathBuf,
        /// The line of the first wrong byte, from 1.
        line: usize,
        /// The column of the first wrong byte in characters, from 1.
        column: usize,
        /// The byte itself.
        byte: u8,
    },
    /// The file has nothing in it but spaces and comments.
    #[error("the manifest {} is empty", path.display())]
    Empty {
        /// The path as it was given.
        path: PathBuf,
    },
    /// The text has mistakes.
    #[error(transparent)]
    Invalid(Box<InvalidManifest>),
}

impl ManifestError {
    /// The mistakes in the text, in the order in which they stand there; empty when the text could
    /// not be read at all.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            Self::Invalid(invalid) => invalid.diagnostics(),
            _ => &[],
        }
    }

    fn first(&self) -> Option<&Diagnostic> {
        self.diagnostics().first()
    }

    /// What to do about it.
    #[must_use]
    pub fn suggestion(&self) -> Option<String> {
        match self {
            Self::Missing { .. } => Some(
                "write one (the smallest is `[image]` and below it `name = \"hello\"`), or name \
                     the manifest with `-f PATH`"
                    .to_owned(),
            ),
            Self::Read { .. } => None,
            Self::NotAFile { .. } => {
                Some("give the path of the `eryx.toml` file itself".to_owned())
            }
            Self::TooLarge { .. } | Self::NotText { .. } => {
                Some("a manifest is a short TOML text; is this the right file?".to_owned())
            }
            Self::Empty { .. } => Some(format!("a smallest manifest is:\n\n{SMALLEST_MANIFEST}")),
            Self::Invalid(_) => self.first()?.suggestion().map(ToOwned::to_owned),
        }
    }
}

impl miette::Diagnostic for ManifestError {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.suggestion()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.first()?.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.first()?.labels()
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        let rest = self
            .diagnostics()
            .get(1..)
            .filter(|rest| !rest.is_empty())?;
        Some(Box::new(
            rest.iter()
                .map(|diagnostic| diagnostic as &dyn miette::Diagnostic),
        ))
    }
}

/// A manifest whose text has at least one mistake.
#[derive(Debug)]
pub struct InvalidManifest {
    diagnostics: Vec<Diagnostic>,
    found: usize,
}

impl InvalidManifest {
    /// Reports what the checks of `text` found, which must not be nothing.
    pub(crate) fn new(path: &Path, text: &str, mut diagnostics: Vec<SpannedDiagnostic>) -> Self {
        let found = diagnostics.len();
        diagnostics.sort_by_key(SpannedDiagnostic::start);
        let source = named_source(path, text);
        let diagnostics = diagnostics
            .into_iter()
            .take(MAX_REPORTED)
            .map(|diagnostic| Diagnostic::locate(diagnostic, path, text, &source))
            .collect();
        Self { diagnostics, found }
    }

    /// The mistakes in the order in which they stand in the text, at most 20.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// How many mistakes were found, reported or not.
    #[must_use]
    pub fn found(&self) -> usize {
        self.found
    }
}

impl fmt::Display for InvalidManifest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(first) = self.diagnostics.first() {
            write!(formatter, "{first}")?;
        }
        match self.found.saturating_sub(1) {
            0 => Ok(()),
            1 => formatter.write_str(" (and 1 more mistake)"),
            more => write!(formatter, " (and {more} more mistakes)"),
        }
    }
}

impl std::error::Error for InvalidManifest {}
