//! Tar archives under gzip: POSIX ustar and pax, and the long names of GNU tar.
//!
//! The library is asked for raw entries only: what describes an entry that follows is read here,
//! where it can be bounded, and where two descriptions that disagree are noticed.

use std::cell::Cell;
use std::collections::{BTreeMap, btree_map};
use std::io::{self, Read};

use bytes::Bytes;
use tar::{Archive, Entry, EntryType, PaxExtensions};

use eryx_wheel::unpack::path::PathProblem;
use eryx_wheel::unpack::{MAX_ENTRIES, MAX_PATH, MAX_RATIO};

use super::archive_problem::ArchiveProblem;
use super::gzip::Members;
use super::limits::{MAX_EXTENSION, MAX_LINKS, MAX_SOURCE_SIZE};
use super::links;
use super::tree::{SourceTree, check_path};

/// An archive may be compressed as well as it likes as long as it is small: it cannot do harm.
const RATIO_FREE_SIZE: u64 = 64 << 20;

/// Reads every entry of a compressed archive.
pub(super) fn read(compressed: &[u8]) -> Result<SourceTree, ArchiveProblem> {
    let compressed_size = u64::try_from(compressed.len()).unwrap_or(u64::MAX);
    let most = compressed_size
        .saturating_mul(MAX_RATIO)
        .clamp(RATIO_FREE_SIZE, MAX_SOURCE_SIZE);
    let exceeded = Cell::new(false);
    let mut archive = Archive::new(Bounded {
        inner: Members::new(compressed),
        left: most,
        exceeded: &exceeded,
    });
    let mut reading = Reading::default();
    let result = archive
        .entries()
        .map_err(ArchiveProblem::Damaged)
        .and_then(|entries| reading.entries(entries.raw(true)));
    match result {
        Ok(()) => {}
        // Whatever came of the archive that ended too early.
        Err(_) if exceeded.get() => return Err(ArchiveProblem::TooLarge),
        Err(problem) => return Err(problem),
    }
    check_rest(archive.into_inner(), &exceeded)?;
    links::replace(&mut reading.tree, &reading.links)?;
    // Links are cheap here, but whoever writes the files down writes each of them.
    if reading.tree.size() > most {
        return Err(ArchiveProblem::TooLarge);
    }
    Ok(reading.tree)
}

/// Another reader may go on where this one stops, so there must be nothing more to read.
fn check_rest<R: Read>(mut rest: R, exceeded: &Cell<bool>) -> Result<(), ArchiveProblem> {
    let mut piece = [0; 8 << 10];
    loop {
        match rest.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(length)
                if piece
                    .get(..length)
                    .is_some_and(|p| p.iter().all(|&b| b == 0)) => {}
            Ok(_) => {
                let message = "there is something behind its end";
                return Err(ArchiveProblem::Damaged(io::Error::other(message)));
            }
            Err(_) if exceeded.get() => return Err(ArchiveProblem::TooLarge),
            Err(source) => return Err(ArchiveProblem::Damaged(source)),
        }
    }
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    tree: SourceTree,
    links: BTreeMap<String, String>,
    next: Extensions,
    count: usize,
}

/// What headers before an entry say of it.
#[derive(Default)]
struct Extensions {
    path: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    size: Option<u64>,
    any: bool,
}

impl Reading {
    fn entries<'a, R: Read + 'a>(
        &mut self,
        entries: impl Iterator<Item = io::Result<Entry<'a, R>>>,
    ) -> Result<(), ArchiveProblem> {
        for entry in entries {
            self.count = self.count.saturating_add(1);
            if self.count > MAX_ENTRIES {
                return Err(ArchiveProblem::TooManyEntries);
            }
            self.entry(entry.map_err(ArchiveProblem::Damaged)?)?;
        }
        if self.next.any {
            return Err(ArchiveProblem::Extension);
        }
        Ok(())
    }

    fn entry<R: Read>(&mut self, mut entry: Entry<'_, R>) -> Result<(), ArchiveProblem> {
        let kind = entry.header().entry_type();
        match kind {
            EntryType::GNULongName => {
                let name = until_nul(read_extension(&mut entry)?);
                return self.next.set_path(name);
            }
            EntryType::GNULongLink => {
                let name = until_nul(read_extension(&mut entry)?);
                return self.next.set_link(name);
            }
            EntryType::XHeader => {
                let bytes = read_extension(&mut entry)?;
                return self.next.read_pax(&bytes);
            }
            // Of the whole archive; what it says of paths or sizes would be nonsense.
            EntryType::XGlobalHeader => {
                let mut global = Extensions::default();
                global.read_pax(&read_extension(&mut entry)?)?;
                if global.path.is_some() || global.link.is_some() || global.size.is_some() {
                    return Err(ArchiveProblem::Extension);
                }
                return Ok(());
            }
            _ => {}
        }
        let next = std::mem::take(&mut self.next);
        let size = entry
            .header()
            .entry_size()
            .map_err(ArchiveProblem::Damaged)?;
        let raw = next.path.unwrap_or_else(|| entry.path_bytes().into_owned());
        let Some(path) = normal(&raw)? else {
            // The directory that the archive was made in, `./`.
            return match kind {
                EntryType::Directory => Ok(()),
                _ => Err(ArchiveProblem::Special(".".to_owned())),
            };
        };
        if next.size.is_some_and(|said| said != size) {
            return Err(ArchiveProblem::Contradiction(path));
        }
        check_path(&path)?;
        let target = || {
            next.link
                .or_else(|| entry.link_name_bytes().map(std::borrow::Cow::into_owned))
        };
        match kind {
            EntryType::Directory => self.add_directory(path, size),
            // Very old archives mark directories by the slash at the end alone.
            EntryType::Regular if raw.ends_with(b"/") => self.add_directory(path, size),
            EntryType::Regular | EntryType::Continuous => {
                let contents = read_file(&mut entry, size)?;
                self.add_file(path, contents)
            }
            EntryType::Symlink => {
                let target = text(&target().unwrap_or_default())?;
                self.add_link(path, target)
            }
            EntryType::Link => {
                let target = normal(&target().unwrap_or_default())?.unwrap_or_default();
                match self.tree.files.get(&target) {
                    Some(file) => {
                        let file = file.clone();
                        self.add_file(path, file)
                    }
                    None => Err(ArchiveProblem::HardLink { path, target }),
                }
            }
            _ => Err(ArchiveProblem::Special(path)),
        }
    }

    fn add_directory(&mut self, path: String, size: u64) -> Result<(), ArchiveProblem> {
        if size > 0 {
            return Err(ArchiveProblem::Special(path));
        }
        // Some tools name a directory as often as they come by it, which says nothing new.
        self.tree.directories.insert(path);
        Ok(())
    }

    fn add_file(&mut self, path: String, contents: Bytes) -> Result<(), ArchiveProblem> {
        if self.links.contains_key(&path) {
            return Err(ArchiveProblem::Duplicate(path));
        }
        // Some tools put a file in as often as it is asked for: whoever reads either reads the same.
        match self.tree.files.entry(path) {
            btree_map::Entry::Vacant(slot) => {
                slot.insert(contents);
            }
            btree_map::Entry::Occupied(slot) if *slot.get() == contents => {}
            btree_map::Entry::Occupied(slot) => {
                return Err(ArchiveProblem::Duplicate(slot.key().clone()));
            }
        }
        Ok(())
    }

    fn add_link(&mut self, path: String, target: String) -> Result<(), ArchiveProblem> {
        if self.tree.files.contains_key(&path) || self.links.contains_key(&path) {
            return Err(ArchiveProblem::Duplicate(path));
        }
        if self.links.len() >= MAX_LINKS {
            return Err(ArchiveProblem::TooManyLinks);
        }
        if target.is_empty() || target.len() > MAX_PATH {
            return Err(ArchiveProblem::LinkOut { path, target });
        }
        self.links.insert(path, target);
        Ok(())
    }
}

impl Extensions {
    fn set_path(&mut self, path: Vec<u8>) -> Result<(), ArchiveProblem> {
        self.any = true;
        match self.path.replace(path) {
            None => Ok(()),
            Some(_) => Err(ArchiveProblem::Extension),
        }
    }

    fn set_link(&mut self, link: Vec<u8>) -> Result<(), ArchiveProblem> {
        self.any = true;
        match self.link.replace(link) {
            None => Ok(()),
            Some(_) => Err(ArchiveProblem::Extension),
        }
    }

    /// Reads the records of a pax header (POSIX.1-2001). Times, owners and comments do not matter.
    fn read_pax(&mut self, bytes: &[u8]) -> Result<(), ArchiveProblem> {
        self.any = true;
        for record in PaxExtensions::new(bytes) {
            let record = record.map_err(|_| ArchiveProblem::Extension)?;
            let value = record.value_bytes();
            match record.key_bytes() {
                b"path" => self.set_path(value.to_vec())?,
                b"linkpath" => self.set_link(value.to_vec())?,
                b"size" => {
                    let size = std::str::from_utf8(value).ok();
                    let size = size.and_then(|size| size.parse().ok());
                    self.size = Some(size.ok_or(ArchiveProblem::Extension)?);
                }
                // A file with holes: its contents are not what they seem to be.
                key if key.starts_with(b"GNU.sparse") => return Err(ArchiveProblem::Extension),
                _ => {}
            }
        }
        Ok(())
    }
}

fn read_extension<R: Read>(entry: &mut Entry<'_, R>) -> Result<Vec<u8>, ArchiveProblem> {
    let size = entry
        .header()
        .entry_size()
        .map_err(ArchiveProblem::Damaged)?;
    if size > MAX_EXTENSION {
        return Err(ArchiveProblem::Extension);
    }
    let mut bytes = Vec::new();
    entry
        .read_to_end(&mut bytes)
        .map_err(ArchiveProblem::Damaged)?;
    Ok(bytes)
}

/// The size was declared by the archive: memory is taken as contents come, not before.
fn read_file<R: Read>(entry: &mut Entry<'_, R>, size: u64) -> Result<Bytes, ArchiveProblem> {
    let mut bytes = Vec::new();
    let read = entry
        .read_to_end(&mut bytes)
        .map_err(ArchiveProblem::Damaged)?;
    if u64::try_from(read).ok() != Some(size) {
        return Err(ArchiveProblem::Damaged(io::ErrorKind::UnexpectedEof.into()));
    }
    bytes.shrink_to_fit();
    Ok(bytes.into())
}

fn until_nul(mut bytes: Vec<u8>) -> Vec<u8> {
    if let Some(end) = bytes.iter().position(|&byte| byte == 0) {
        bytes.truncate(end);
    }
    bytes
}

fn text(bytes: &[u8]) -> Result<String, ArchiveProblem> {
    let text = std::str::from_utf8(bytes).map_err(|_| ArchiveProblem::Path {
        path: String::from_utf8_lossy(bytes).into_owned(),
        problem: PathProblem::NotUtf8,
    })?;
    Ok(text.to_owned())
}

/// A path without the `./` that some tools begin it with, and without the slash of a directory; `None`
/// when nothing is left of it.
fn normal(bytes: &[u8]) -> Result<Option<String>, ArchiveProblem> {
    let path = text(bytes)?;
    let mut rest = path.as_str();
    while let Some(shorter) = rest.strip_prefix("./") {
        rest = shorter;
    }
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let is_something = !rest.is_empty() && rest != ".";
    // What is empty from the start is no directory but a mistake.
    if !is_something && path.is_empty() {
        return Err(ArchiveProblem::Path {
            path,
            problem: PathProblem::Empty,
        });
    }
    Ok(is_something.then(|| rest.to_owned()))
}

/// A reader that fails, and says so aside, once more than allowed was read.
struct Bounded<'a, R> {
    inner: R,
    left: u64,
    exceeded: &'a Cell<bool>,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if let Some(left) = self
            .left
            .checked_sub(u64::try_from(read).unwrap_or(u64::MAX))
        {
            self.left = left;
        } else {
            self.exceeded.set(true);
            return Err(io::Error::other("the archive is too large"));
        }
        Ok(read)
    }
}
