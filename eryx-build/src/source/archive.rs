//! Reading a source distribution whose author may be hostile: a tar archive under gzip, or a zip
//! archive, with one folder at its top.
//!
//! Everything is read into memory and checked there. Nothing of it is ever written to the host.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use zip::result::ZipError;

use crate::unpack::archive::{self as zip_archive, Budget};
use crate::unpack::clash::Lookalikes;
use crate::unpack::path::{self, PathProblem};
use crate::unpack::{MAX_ENTRIES, WheelProblem};

use super::{links, tar};

/// The largest source distribution, in bytes.
pub const MAX_ARCHIVE_SIZE: u64 = 512 << 20;
/// The largest size of all files of a source distribution together, in bytes when unpacked.
pub const MAX_SOURCE_SIZE: u64 = 1 << 30;

/// What is wrong with the archive of a source distribution. Paths are written with escapes, since
/// a hostile archive chooses them.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveProblem {
    /// The file has another ending than a source distribution.
    #[error("it is neither a .tar.gz nor a .zip file, the two forms of source distributions")]
    Form,
    /// It can not be read to its end.
    #[error("it is no whole archive: get it again")]
    Damaged(#[source] std::io::Error),
    /// The zip archive can not be used.
    #[error(transparent)]
    Zip(#[from] WheelProblem),
    /// It is compressed beyond what real data allows, or simply too large.
    #[error(
        "with its links it grows to more than {} MiB when it is unpacked, or to more than 64 MiB and {} times \
         its size, as only a decompression bomb does", MAX_SOURCE_SIZE >> 20, crate::unpack::MAX_RATIO
    )]
    TooLarge,
    /// There are too many entries.
    #[error("it has more than the {MAX_ENTRIES} entries that are allowed")]
    TooManyEntries,
    /// There are too many links.
    #[error("it has more than the {} links that are allowed", links::MAX_LINKS)]
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
    /// Two files, or folders they are in, differ only in case, or in how Unicode writes them.
    #[error(
        "its files {0:?} and {1:?}, or folders they are in, differ only in case or Unicode form"
    )]
    CaseClash(String, String),
    /// One path is a file and a folder.
    #[error("{0:?} is both a file and a folder in it")]
    FileAndFolder(String),
    /// An entry is a device, a FIFO or of a kind of which nothing is known.
    #[error("{0:?} in it is neither a file, a folder nor a link")]
    Special(String),
    /// Two headers disagree on one entry.
    #[error("the headers of {0:?} in it contradict each other")]
    Contradiction(String),
    /// A header with a long name or with attributes is itself too long, or stands alone.
    #[error("an extended header in it is malformed or longer than {} KiB", tar::MAX_EXTENSION >> 10)]
    Extension,
    /// A link leads out of the archive.
    #[error("the link {path:?} in it leads out of it, to {target:?}")]
    LinkOut {
        /// The link.
        path: String,
        /// Where it points.
        target: String,
    },
    /// Links lead to each other, or a folder into itself.
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
    /// There is not one folder at the top.
    #[error("it does not have one folder at its top, as source distributions do, but {0}")]
    Top(String),
}

impl From<ZipError> for ArchiveProblem {
    fn from(source: ZipError) -> Self {
        ArchiveProblem::Zip(WheelProblem::NotAnArchive(Some(source)))
    }
}

/// The files of a source distribution, by their path with the folder at the top.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceTree {
    /// The folder at the top, mostly `name-version`.
    pub top: String,
    /// The files.
    pub files: BTreeMap<String, Bytes>,
    /// The folders that are named, of which some may be empty.
    pub folders: BTreeSet<String>,
}

impl SourceTree {
    /// A file below the folder at the top.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Bytes> {
        self.files.get(&format!("{}/{path}", self.top))
    }

    /// The size of all files together, in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        let sizes = self.files.values().map(|file| file.len() as u64);
        sizes.fold(0, u64::saturating_add)
    }
}

/// Reads the archive of a source distribution, whose form its file name tells. Links in it are
/// replaced by copies of what they point to.
///
/// # Errors
/// When it is malformed, too large or hostile.
pub fn read(file_name: &str, bytes: &[u8]) -> Result<SourceTree, ArchiveProblem> {
    let lower = file_name.to_ascii_lowercase();
    let mut tree = if lower.ends_with(".tar.gz") || lower.ends_with(".tgz") {
        tar::read(bytes)?
    } else if lower.ends_with(".zip") {
        let bytes = without_comment(bytes);
        let files = zip_archive::read(&bytes, &Budget::new(MAX_SOURCE_SIZE))?;
        let files = files.into_iter();
        SourceTree {
            files: files.map(|(path, file)| (path, file.into())).collect(),
            ..SourceTree::default()
        }
    } else {
        return Err(ArchiveProblem::Form);
    };
    check(&mut tree)?;
    Ok(tree)
}

/// A zip archive without the comment at its end, into which code forges write the commit. When it is
/// not certain where the comment begins, the archive is left as it is, and is refused as any wheel
/// with a comment.
fn without_comment(bytes: &[u8]) -> Cow<'_, [u8]> {
    const SIGNATURE: &[u8] = b"PK\x05\x06";
    const END_LENGTH: usize = 22;
    const MAX_COMMENT: usize = 0xffff;
    let tail = bytes.len().saturating_sub(END_LENGTH + MAX_COMMENT);
    let mut ends = bytes
        .get(tail..)
        .unwrap_or_default()
        .windows(SIGNATURE.len())
        .enumerate()
        .filter(|(_, window)| *window == SIGNATURE)
        .filter_map(|(place, _)| tail.checked_add(place));
    let (Some(end), None) = (ends.next(), ends.next()) else {
        return Cow::Borrowed(bytes);
    };
    let length_at = end.saturating_add(END_LENGTH - 2);
    let Some((record, rest)) = bytes.split_at_checked(length_at) else {
        return Cow::Borrowed(bytes);
    };
    match rest.split_first_chunk() {
        Some((length, comment)) if comment.len() == usize::from(u16::from_le_bytes(*length)) => {
            Cow::Owned([record, &[0, 0]].concat())
        }
        _ => Cow::Borrowed(bytes),
    }
}

/// Checks what can only be said of all entries together, and finds the folder at the top.
fn check(tree: &mut SourceTree) -> Result<(), ArchiveProblem> {
    let mut lookalikes = Lookalikes::default();
    for file in tree.files.keys() {
        if let Some(first) = lookalikes.add(file) {
            return Err(ArchiveProblem::CaseClash(first, file.clone()));
        }
    }
    let is_file = |path: &str| tree.files.contains_key(path);
    let both = tree.folders.iter().find(|folder| is_file(folder));
    let paths = tree.files.keys().chain(&tree.folders);
    let both = both
        .map(String::as_str)
        .or_else(|| zip_archive::file_and_folder(paths, is_file).map(|(file, _)| file));
    if let Some(path) = both {
        return Err(ArchiveProblem::FileAndFolder(path.to_owned()));
    }
    let mut tops = BTreeSet::new();
    for path in tree.files.keys() {
        match path.split_once('/') {
            Some((top, _)) => tops.insert(top),
            None => return Err(ArchiveProblem::Top(format!("the file {path:?} there"))),
        };
    }
    if !tops.is_empty() {
        let folders = tree.folders.iter();
        tops.extend(folders.map(|path| path.split('/').next().unwrap_or(path)));
    }
    let mut names = tops.into_iter();
    match (names.next(), names.next()) {
        (Some(top), None) => tree.top = top.to_owned(),
        (None, _) => return Err(ArchiveProblem::Top("no file at all".to_owned())),
        (Some(first), Some(second)) => {
            let found = format!("both {first:?} and {second:?}");
            return Err(ArchiveProblem::Top(found));
        }
    }
    Ok(())
}

/// Checks the path of an entry, which has no slash at its end. Names that are devices elsewhere are
/// common among test data, and nothing of a source distribution is ever written to the host.
pub(super) fn check_path(path: &str) -> Result<(), ArchiveProblem> {
    path::check_in_sandbox(path).map_err(|problem| ArchiveProblem::Path {
        path: path.to_owned(),
        problem,
    })
}
