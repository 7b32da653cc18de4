//! Why distributions cannot be unpacked.

use std::error::Error;
use std::fmt;
use std::io;

use zip::result::ZipError;

use super::limits::{MAX_ENTRIES, MAX_FILE_SIZE, MAX_RATIO, MAX_TOTAL_SIZE, MAX_WHEEL_SIZE};
use super::path::PathProblem;

/// Why distributions cannot be unpacked.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// One wheel cannot be used.
    #[error(transparent)]
    Wheel(#[from] WheelError),
    /// Two packages have a file of the same name with different contents.
    #[error(
        "{path:?} is in both {first} and {second}, with different contents: remove one of them"
    )]
    TwoOwners {
        /// The file, relative to the site tree.
        path: String,
        /// The file name of one wheel.
        first: String,
        /// The file name of the other wheel.
        second: String,
    },
    /// Files of two packages differ only in upper and lower case, or in how Unicode writes them.
    #[error(
        "{path:?} of {first} and {other:?} of {second}, or folders they are in, differ only in case or in \
         how Unicode writes them: remove one of the packages"
    )]
    CaseClash {
        /// A file of one wheel, relative to the site tree.
        path: String,
        /// The file name of that wheel.
        first: String,
        /// The file of the other wheel.
        other: String,
        /// The file name of the other wheel.
        second: String,
    },
    /// What is a file in one package is a directory in another.
    #[error("{path:?} is a file in {first} but a folder in {second}: remove one of them")]
    FileAndDirectory {
        /// The path, relative to the site tree.
        path: String,
        /// The file name of the wheel in which it is a file.
        first: String,
        /// The file name of the wheel in which it is a directory.
        second: String,
    },
}

/// Why one wheel cannot be used.
#[derive(Debug)]
pub struct WheelError {
    /// The file name of the wheel.
    pub wheel: String,
    /// What is wrong with it.
    pub problem: Box<WheelProblem>,
}

impl fmt::Display for WheelError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the wheel {} cannot be used: {}",
            self.wheel, self.problem
        )
    }
}

impl Error for WheelError {
    // The problem is in the message already; what lies beneath it is not.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.problem.source()
    }
}

/// What is wrong with a wheel. Paths are written with escapes, since a hostile wheel chooses them.
#[derive(Debug, thiserror::Error)]
pub enum WheelProblem {
    /// The file cannot be read.
    #[error("it cannot be read")]
    Read(#[source] io::Error),
    /// The file is not the one that was locked.
    #[error("it changed while it was needed; build again")]
    Changed,
    /// The file is too large.
    #[error("it is larger than {} MiB", MAX_WHEEL_SIZE >> 20)]
    WheelTooLarge,
    /// It is not a zip archive, is cut short, or has bytes before or after the archive.
    #[error("it is not a whole zip archive and nothing else; get it again")]
    NotAnArchive(#[source] Option<ZipError>),
    /// The directory of the archive does not agree with its entries.
    #[error("its zip directory does not agree with its entries")]
    Inconsistent(#[source] ZipError),
    /// There are too many entries.
    #[error("it has about {0} entries, more than the {MAX_ENTRIES} that are allowed")]
    TooManyEntries(usize),
    /// A path is refused.
    #[error("the path {path:?} in it is not allowed: {problem}")]
    Path {
        /// The path.
        path: String,
        /// What is wrong with it.
        problem: PathProblem,
    },
    /// An entry has a second name in an extra field, which some readers take.
    #[error(
        "{0:?} in it has a second name in an extra field, which some readers take and some do not"
    )]
    TwoNames(String),
    /// Two entries have one path.
    #[error("it has two entries of one name")]
    Duplicate,
    /// Files of different parts of the wheel go to one place.
    #[error("two of its files would become {0:?}")]
    SamePlace(String),
    /// Two files differ only in case, or in how Unicode writes them.
    #[error(
        "its files {0:?} and {1:?}, or folders they are in, differ only in case or Unicode form"
    )]
    CaseClash(String, String),
    /// One path is a file and a directory.
    #[error("{0:?} is both a file and a folder in it")]
    FileAndDirectory(String),
    /// An entry is encrypted.
    #[error("{0:?} in it is encrypted")]
    Encrypted(String),
    /// An entry is compressed in a way that wheels do not use.
    #[error("{0:?} in it is compressed by a method other than deflate")]
    Compression(String),
    /// An entry is a symbolic link.
    #[error("{0:?} in it is a symbolic link, which wheels must not have")]
    Symlink(String),
    /// An entry is neither a file nor a directory, or a directory with contents.
    #[error("{0:?} in it is neither a file nor a folder")]
    Special(String),
    /// A file is too large.
    #[error("{0:?} in it is larger than {limit} MiB", limit = MAX_FILE_SIZE >> 20)]
    FileTooLarge(String),
    /// A file is compressed beyond what real data allows.
    #[error(
        "{0:?} in it grows more than {MAX_RATIO} times when it is unpacked, as only a \
         decompression bomb does"
    )]
    Bomb(String),
    /// All files of it together are compressed beyond what real data allows.
    #[error(
        "it grows more than {MAX_RATIO} times when it is unpacked, as only a decompression bomb does"
    )]
    ArchiveBomb,
    /// There are bytes between two entries, or two entries overlap.
    #[error(
        "there are bytes before {0:?} in it that belong to no entry, which some readers take for one \
         and some do not"
    )]
    Gap(String),
    /// All files together are too large.
    #[error(
        "with it, the packages take more than {} MiB when they are unpacked", MAX_TOTAL_SIZE >> 20
    )]
    TotalTooLarge,
    /// A file has another size than its directory entry says.
    #[error("{0:?} in it is not as large as the zip directory says")]
    SizeLie(String),
    /// A file cannot be unpacked.
    #[error("{path:?} in it is damaged")]
    Damaged {
        /// The file.
        path: String,
        /// What the decompression said.
        #[source]
        source: io::Error,
    },
    /// There is no or more than one `.dist-info` directory.
    #[error("it has {0} top-level .dist-info folders in place of one")]
    DistInfo(usize),
    /// A directory or METADATA says another package or version than the file name.
    #[error("{place} says {found:?}, but the wheel is named {expected:?}")]
    Disagrees {
        /// Where it is said.
        place: String,
        /// The package and version there.
        found: String,
        /// The package and version of the file name.
        expected: String,
    },
    /// A file would become metadata of another package.
    #[error("{0:?} in it would become metadata of another package in the site tree")]
    ForeignMetadata(String),
    /// A metadata file is too large.
    #[error("{path:?} in it has more than {limit} bytes")]
    MetadataTooLarge {
        /// The metadata file.
        path: String,
        /// How large it may be, in bytes.
        limit: usize,
    },
    /// A metadata file has a field too often.
    #[error("{path:?} in it has more than {limit} times `{field}`")]
    TooManyFields {
        /// The metadata file.
        path: String,
        /// The field.
        field: &'static str,
        /// How often it may be there.
        limit: usize,
    },
    /// A file that every wheel has is missing.
    #[error("{0:?} is missing from it")]
    Missing(String),
    /// A metadata file lacks a field, or has a senseless value in it.
    #[error("{path:?} in it has no valid `{field}`")]
    Field {
        /// The metadata file.
        path: String,
        /// The field.
        field: &'static str,
    },
    /// There are too many or too long entry points.
    #[error("{path:?} in it has more than {limit} lines, or longer ones than {length} characters")]
    EntryPoints {
        /// The metadata file.
        path: String,
        /// How many lines there may be.
        limit: usize,
        /// How long each may be, in characters.
        length: usize,
    },
    /// The wheel is of a later format.
    #[error(
        "it is of wheel format {0:?}, and only 1.x is known: take an older release of the package, or a newer eryx"
    )]
    WheelVersion(String),
    /// The `.data` directory has a directory of unknown meaning.
    #[error("{0:?} in it is in no known part of a .data folder")]
    DataDirectory(String),
    /// A line of RECORD is malformed.
    #[error("line {line} of its RECORD {problem}")]
    RecordLine {
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// RECORD lists a file that is not there.
    #[error("its RECORD lists {0:?}, which it does not have")]
    RecordMissing(String),
    /// A file is not in RECORD.
    #[error("{0:?} in it is not listed in its RECORD")]
    RecordExtra(String),
    /// A file has another hash than RECORD says.
    #[error("{0:?} in it does not have the hash that its RECORD says")]
    RecordHash(String),
    /// A file has another size than RECORD says.
    #[error("{0:?} in it does not have the size that its RECORD says")]
    RecordSize(String),
}
