//! What is wrong with an archive.

use eryx_wheel::unpack::path::PathProblem;
use eryx_wheel::unpack::{MAX_ENTRIES, MAX_RATIO, WheelProblem};
use zip::result::ZipError;

use super::limits::{MAX_EXTENSION, MAX_LINKS, MAX_SOURCE_SIZE};

/// What is wrong with the archive of a source distribution. Paths are written with escapes, since
/// a hostile archive chooses them.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveProblem {
    /// The file has another ending than a source distribution.
    #[error("it is neither a .tar.gz nor a .zip file, the two forms of source distributions")]
    Form,
    /// It cannot be read to its end.
    #[error("it is no whole archive: get it again")]
    Damaged(#[source] std::io::Error),
    /// The zip archive cannot be used.
    #[error(transparent)]
    Zip(#[from] WheelProblem),
    /// It is compressed beyond what real data allows, or simply too large.
    #[error(
        "with its links it grows to more than {} MiB when it is unpacked, or to more than 64 MiB and {} times \
         its size, as only a decompression bomb does", MAX_SOURCE_SIZE >> 20, MAX_RATIO
    )]
    TooLarge,
    /// There are too many entries.
    #[error("it has more than the {MAX_ENTRIES} entries that are allowed")]
    TooManyEntries,
    /// There are too many links.
    #[error("it has more than the {} links that are allowed", MAX_LINKS)]
    TooManyLinks,
    /// A path is refused.
    #[error("the path {path:?} in it is not allowed: {problem}")]
    Path {
        /// The path.
        path: String,
        /// What is wrong with it.
        problem: PathProblem,
    },
    /// Two entries have one path and different contents.
    #[error("it has two different entries of the name {0:?}")]
    Duplicate(String),
    /// Two files, or directories they are in, differ only in case, or in how Unicode writes them.
    #[error(
        "its files {0:?} and {1:?}, or folders they are in, differ only in case or Unicode form"
    )]
    CaseClash(String, String),
    /// One path is a file and a directory.
    #[error("{0:?} is both a file and a folder in it")]
    FileAndDirectory(String),
    /// An entry is a device, a FIFO or of a kind of which nothing is known.
    #[error("{0:?} in it is neither a file, a folder nor a link")]
    Special(String),
    /// Two headers disagree on one entry.
    #[error("the headers of {0:?} in it contradict each other")]
    Contradiction(String),
    /// A header with a long name or with attributes is itself too long, or stands alone.
    #[error("an extended header in it is malformed or longer than {} KiB", MAX_EXTENSION >> 10)]
    Extension,
    /// A link leads out of the archive.
    #[error("the link {path:?} in it leads out of it, to {target:?}")]
    LinkOut {
        /// The link.
        path: String,
        /// Where it points.
        target: String,
    },
    /// Links lead to each other, or a directory into itself.
    #[error("the link {0:?} in it leads to itself")]
    LinkLoop(String),
    /// A hard link to what is no file before it.
    #[error("the hard link {path:?} in it is to {target:?}, which is no file before it")]
    HardLink {
        /// The link.
        path: String,
        /// The file it names.
        target: String,
    },
    /// There is not one directory at the top.
    #[error("it does not have one folder at its top, as source distributions do, but {0}")]
    Top(String),
}

impl From<ZipError> for ArchiveProblem {
    fn from(source: ZipError) -> Self {
        Self::Zip(WheelProblem::NotAnArchive(Some(source)))
    }
}
