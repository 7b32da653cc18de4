//! Reading the zip archive of a wheel whose author may be hostile.
//!
//! Nothing in the archive is believed: what it declares is checked against bounds before memory is
//! taken, and what is read is held against what was declared. An archive that two readers could
//! understand differently (two entries of one name, a directory that disagrees with the entries,
//! bytes before, between or after) is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};
use std::sync::atomic::{AtomicU64, Ordering};

use zip::read::{ArchiveOffset, Config, ZipArchive, ZipFileEntry};

use super::clash::Lookalikes;
use super::error::WheelProblem;
use super::header::{DIRECTORY_HEADER, ENTRY_HEADER, lengths, not_an_archive};
use super::layout;
use super::limits::{MAX_ENTRIES, MAX_FILE_SIZE, MAX_RATIO};
use super::path::{self, PathProblem};

/// Small files may be compressed as well as they like, and archives with few of them: they cannot do
/// harm.
const RATIO_FREE_SIZE: u64 = 4 << 20;
const RATIO_FREE_TOTAL: u64 = 64 << 20;
const ENTRY_SIGNATURE: &[u8] = b"PK\x01\x02";
const END_LENGTH: usize = 22;
const ZIP64_LOCATOR: usize = 20;
/// The shortest zip64 record, which is the only one in use, and the locator.
const ZIP64_LENGTH: u64 = 76;
const ENCRYPTED_FLAGS: u16 = 1 | 1 << 6 | 1 << 13;
/// The extra field with another name of the entry.
const UNICODE_PATH: u16 = 0x7075;
const UTF8_FLAG: u16 = 1 << 11;
const FILE_TYPE: u32 = 0o170_000;

/// How much may still be unpacked, over all wheels that are read at the same time.
pub struct Budget(AtomicU64);

impl Budget {
    /// So many bytes, for all wheels that are read with it.
    pub fn new(bytes: u64) -> Self {
        Self(AtomicU64::new(bytes))
    }

    fn spend(&self, bytes: u64) -> Result<(), WheelProblem> {
        let spend = |left: u64| left.checked_sub(bytes);
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend)
            .map(drop)
            .map_err(|_| WheelProblem::TotalTooLarge)
    }
}

/// How large the files of an archive of this size may be together when unpacked, in bytes, so that many
/// small files are no bomb either.
pub fn max_unpacked(archive: usize) -> u64 {
    let archive = u64::try_from(archive).unwrap_or(u64::MAX);
    archive.saturating_mul(MAX_RATIO).max(RATIO_FREE_TOTAL)
}

/// Reads every file of an archive into memory, by path.
///
/// # Errors
/// When it is no archive, or one that lies about what it holds, or holds too much.
pub fn read(bytes: &[u8], budget: &Budget) -> Result<BTreeMap<String, Vec<u8>>, WheelProblem> {
    let end = check_end(bytes)?;
    let config = Config {
        archive_offset: ArchiveOffset::Known(0),
    };
    // Every entry has such a signature, so this bounds what opening the archive keeps in memory.
    let headers = bytes.windows(ENTRY_SIGNATURE.len());
    let headers = headers.filter(|window| *window == ENTRY_SIGNATURE).count();
    if headers > MAX_ENTRIES {
        return Err(WheelProblem::TooManyEntries(headers));
    }
    let mut archive =
        ZipArchive::with_config(config, Cursor::new(bytes)).map_err(not_an_archive)?;
    end.check_against(&archive)?;
    if archive.has_duplicate_names() {
        return Err(WheelProblem::Duplicate);
    }
    check_directory(&mut archive, bytes)?;
    archive
        .validate_header_consistency()
        .map_err(WheelProblem::Inconsistent)?;
    layout::check(&mut archive, bytes)?;
    let mut files = BTreeMap::new();
    let mut left = max_unpacked(bytes.len());
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(not_an_archive)?;
        let Some(name) = std::str::from_utf8(entry.name_raw()).ok() else {
            continue;
        };
        if name.ends_with('/') {
            continue;
        }
        let name = name.to_owned();
        let declared = entry.size();
        if declared > MAX_FILE_SIZE {
            return Err(WheelProblem::FileTooLarge(name));
        }
        let free = entry.compressed_size().saturating_mul(MAX_RATIO);
        if declared > free.max(RATIO_FREE_SIZE) {
            return Err(WheelProblem::Bomb(name));
        }
        left = left
            .checked_sub(declared)
            .ok_or(WheelProblem::ArchiveBomb)?;
        budget.spend(declared)?;
        let mut contents = Vec::with_capacity(usize::try_from(declared).unwrap_or_default());
        // One byte more than declared, so that a longer file is noticed, and so that the reader
        // comes to the end of a file that is as long as declared and checks its CRC.
        let read = entry
            .by_ref()
            .take(declared.saturating_add(1))
            .read_to_end(&mut contents);
        match read {
            Ok(length) if u64::try_from(length).ok() == Some(declared) => {
                files.insert(name, contents);
            }
            Ok(_) => return Err(WheelProblem::SizeLie(name)),
            Err(source) => return Err(WheelProblem::Damaged { path: name, source }),
        }
    }
    Ok(files)
}

/// What the record at the end of the archive says.
struct End {
    /// The number of entries, unless it is so large that only the zip64 record says it.
    entries: Option<usize>,
    directory_start: u64,
}

impl End {
    /// The library reads the record once more, and when it finds it wanting it looks for an earlier
    /// one, with which an archive could show itself in two ways.
    fn check_against(&self, archive: &ZipArchive<Cursor<&[u8]>>) -> Result<(), WheelProblem> {
        let count_agrees = archive.has_duplicate_names()
            || self.entries.is_none_or(|count| count == archive.len());
        if count_agrees && self.directory_start == archive.central_directory_start() {
            return Ok(());
        }
        Err(WheelProblem::NotAnArchive(None))
    }
}

/// Reads the record that an archive without a comment ends with, and checks that the directory
/// lies just before it: then there is nothing before the archive and nothing after it.
fn check_end(bytes: &[u8]) -> Result<End, WheelProblem> {
    let not_whole = || WheelProblem::NotAnArchive(None);
    let (rest, end) = bytes
        .split_last_chunk::<END_LENGTH>()
        .ok_or_else(not_whole)?;
    let [
        b'P',
        b'K',
        5,
        6,
        _,
        _,
        _,
        _,
        _,
        _,
        e0,
        e1,
        s0,
        s1,
        s2,
        s3,
        o0,
        o1,
        o2,
        o3,
        0,
        0,
    ] = *end
    else {
        return Err(not_whole());
    };
    let entries = u16::from_le_bytes([e0, e1]);
    let directory_start = u64::from(u32::from_le_bytes([o0, o1, o2, o3]));
    let directory_size = u64::from(u32::from_le_bytes([s0, s1, s2, s3]));
    let gap = u64::try_from(rest.len()).ok().and_then(|length| {
        length
            .checked_sub(directory_start)?
            .checked_sub(directory_size)
    });
    match gap {
        Some(0) => {}
        // The zip64 record and its locator, which archives with very many entries have.
        Some(ZIP64_LENGTH) if rest.len() >= ZIP64_LOCATOR => {
            let locator = rest.get(rest.len().saturating_sub(ZIP64_LOCATOR)..);
            if !locator.is_some_and(|bytes| bytes.starts_with(b"PK\x06\x07")) {
                return Err(not_whole());
            }
        }
        _ => return Err(not_whole()),
    }
    Ok(End {
        entries: (entries != u16::MAX).then_some(entries.into()),
        directory_start,
    })
}

/// Checks all that can be checked without unpacking anything.
fn check_directory(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    bytes: &[u8],
) -> Result<(), WheelProblem> {
    let mut files = BTreeSet::new();
    let mut directories = BTreeSet::new();
    let mut lookalikes = Lookalikes::default();
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).map_err(not_an_archive)?;
        let name = entry_name(&entry)?;
        let (path, is_directory) = match name.strip_suffix('/') {
            Some(path) => (path, true),
            None => (name.as_str(), false),
        };
        path::check(path).map_err(|problem| WheelProblem::Path {
            path: name.clone(),
            problem,
        })?;
        check_kind(&entry, &name, is_directory)?;
        let fields = [
            extra_fields(bytes, entry.central_header_start(), DIRECTORY_HEADER),
            extra_fields(bytes, entry.header_start(), ENTRY_HEADER),
        ];
        if fields.into_iter().any(has_second_name) {
            return Err(WheelProblem::TwoNames(name));
        }
        if is_directory {
            directories.insert(path.to_owned());
            continue;
        }
        files.insert(path.to_owned());
        if let Some(other) = lookalikes.add(path) {
            return Err(WheelProblem::CaseClash(other, name));
        }
    }
    let clash = directories
        .iter()
        .find(|directory| files.contains(*directory))
        .map(String::as_str)
        .or_else(|| file_and_directory(&files, |path| files.contains(path)).map(|(file, _)| file));
    match clash {
        Some(path) => Err(WheelProblem::FileAndDirectory(path.to_owned())),
        None => Ok(()),
    }
}

/// The first of some paths that has a file for one of its directories: that file, and the path.
pub fn file_and_directory<'a>(
    paths: impl IntoIterator<Item = &'a String>,
    is_file: impl Fn(&str) -> bool,
) -> Option<(&'a str, &'a str)> {
    paths.into_iter().find_map(|path| {
        path.match_indices('/')
            .filter_map(|(slash, _)| path.get(..slash))
            .find(|directory| is_file(directory))
            .map(|directory| (directory, path.as_str()))
    })
}

fn entry_name(entry: &ZipFileEntry<'_>) -> Result<String, WheelProblem> {
    let raw = entry.name_raw();
    let marked = entry.flags().as_u16() & UTF8_FLAG != 0;
    match std::str::from_utf8(raw) {
        // Without the mark, readers disagree on what bytes beyond ASCII mean.
        Ok(name) if marked || name.is_ascii() => Ok(name.to_owned()),
        _ => Err(WheelProblem::Path {
            path: String::from_utf8_lossy(raw).into_owned(),
            problem: PathProblem::NotUtf8,
        }),
    }
}

fn check_kind(
    entry: &ZipFileEntry<'_>,
    name: &str,
    is_directory: bool,
) -> Result<(), WheelProblem> {
    // The Unix mode is in the upper half whatever system the archive claims to be from.
    let mode = entry.external_attributes() >> 16;
    match mode & FILE_TYPE {
        0 => {}
        0o120_000 => return Err(WheelProblem::Symlink(name.to_owned())),
        0o040_000 if is_directory => {}
        0o100_000 if !is_directory => {}
        _ => return Err(WheelProblem::Special(name.to_owned())),
    }
    if entry.encrypted() || entry.flags().as_u16() & ENCRYPTED_FLAGS != 0 {
        return Err(WheelProblem::Encrypted(name.to_owned()));
    }
    if !matches!(
        entry.compression(),
        zip::CompressionMethod::Stored | zip::CompressionMethod::Deflated
    ) {
        return Err(WheelProblem::Compression(name.to_owned()));
    }
    if is_directory && entry.size() > 0 {
        return Err(WheelProblem::Special(name.to_owned()));
    }
    Ok(())
}

/// The extra fields of a header of this fixed length that starts at `start`. The lengths of the name
/// and of the fields are 26 bytes from the start of a header before data, and 28 in the directory.
fn extra_fields(bytes: &[u8], start: u64, header: usize) -> &[u8] {
    let fields = || {
        let (name, length) = lengths(bytes, start, header)?;
        let bytes = bytes.get(usize::try_from(start).ok()?..)?;
        bytes.get(header..)?.get(name..)?.get(..length)
    };
    fields().unwrap_or_default()
}

/// Whether there is a "Unicode path" among extra fields.
fn has_second_name(mut fields: &[u8]) -> bool {
    while let Some(([i0, i1, l0, l1], rest)) = fields.split_first_chunk() {
        if u16::from_le_bytes([*i0, *i1]) == UNICODE_PATH {
            return true;
        }
        let length = usize::from(u16::from_le_bytes([*l0, *l1]));
        fields = rest.get(length..).unwrap_or_default();
    }
    false
}
