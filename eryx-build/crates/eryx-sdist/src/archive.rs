//! Reading a source distribution whose author may be hostile: a tar archive under gzip, or a zip
//! archive, with one directory at its top.
//!
//! Everything is read into memory and checked there. Nothing of it is ever written to the host.

use std::borrow::Cow;
use std::collections::BTreeSet;

use eryx_wheel::unpack::archive::{self as zip_archive, Budget};
use eryx_wheel::unpack::clash::Lookalikes;

use super::archive_problem::ArchiveProblem;
use super::limits::MAX_SOURCE_SIZE;
use super::tar;
use super::tree::SourceTree;

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

/// Checks what can only be said of all entries together, and finds the directory at the top.
fn check(tree: &mut SourceTree) -> Result<(), ArchiveProblem> {
    let mut lookalikes = Lookalikes::default();
    for file in tree.files.keys() {
        if let Some(first) = lookalikes.add(file) {
            return Err(ArchiveProblem::CaseClash(first, file.clone()));
        }
    }
    let is_file = |path: &str| tree.files.contains_key(path);
    let both = tree.directories.iter().find(|directory| is_file(directory));
    let paths = tree.files.keys().chain(&tree.directories);
    let both = both
        .map(String::as_str)
        .or_else(|| zip_archive::file_and_directory(paths, is_file).map(|(file, _)| file));
    if let Some(path) = both {
        return Err(ArchiveProblem::FileAndDirectory(path.to_owned()));
    }
    let mut tops = BTreeSet::new();
    for path in tree.files.keys() {
        match path.split_once('/') {
            Some((top, _)) => tops.insert(top),
            None => return Err(ArchiveProblem::Top(format!("the file {path:?} there"))),
        };
    }
    if !tops.is_empty() {
        let directories = tree.directories.iter();
        tops.extend(directories.map(|path| path.split('/').next().unwrap_or(path)));
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
