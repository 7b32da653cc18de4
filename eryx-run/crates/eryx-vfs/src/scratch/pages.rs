//! The contents of one scratch file: pages of memory with holes between them.

use std::collections::BTreeMap;

use bytes::{Bytes, BytesMut};

use crate::error::FileError;
use crate::file_system::MAX_READ;

/// How many bytes a page holds.
pub(super) const PAGE: usize = 4096;

/// What a page is charged for: itself and its place in the map.
pub(super) const PAGE_COST: u64 = 4096 + 64;

/// The largest file, in bytes: beyond it the guest's own offsets overflow.
pub(super) const MAX_FILE: u64 = i64::MAX as u64;

const PAGE_LENGTH: u64 = PAGE as u64;

/// Bytes with holes. A page exists from the first write to it on, so that a small file costs one
/// page, growing never copies, and a write far beyond the end costs no more than what it writes.
#[derive(Debug, Default)]
pub(super) struct Pages {
    pages: BTreeMap<u64, Box<[u8; PAGE]>>,
    size: u64,
}

/// The number of the page that a byte is on, and where on it the byte is.
fn position(offset: u64) -> (u64, usize) {
    // The remainder of a division by PAGE fits.
    let within = usize::try_from(offset % PAGE_LENGTH).unwrap_or(0);
    (offset / PAGE_LENGTH, within)
}

impl Pages {
    /// The length of the file, holes included.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// How many pages exist.
    pub(super) fn count(&self) -> u64 {
        self.pages.len() as u64
    }

    /// How many new pages a write would need.
    pub(super) fn missing(&self, offset: u64, length: usize) -> Result<u64, FileError> {
        let Some(last) = (length as u64).checked_sub(1) else {
            return Ok(0);
        };
        let end = offset
            .checked_add(last)
            .filter(|end| *end < MAX_FILE)
            .ok_or(FileError::FileTooLarge)?;
        let (first, last) = (position(offset).0, position(end).0);
        let present = self.pages.range(first..=last).count() as u64;
        Ok((last - first + 1).saturating_sub(present))
    }

    /// Writes `data`. The caller has asked [`Pages::missing`] whether it may.
    pub(super) fn write(&mut self, offset: u64, mut data: &[u8]) {
        let mut offset = offset;
        while !data.is_empty() {
            let (number, within) = position(offset);
            let (now, later) = data.split_at(data.len().min(PAGE - within));
            let page = self
                .pages
                .entry(number)
                .or_insert_with(|| Box::new([0; PAGE]));
            if let Some(target) = page.get_mut(within..within + now.len()) {
                target.copy_from_slice(now);
            }
            offset = offset.saturating_add(now.len() as u64);
            self.size = self.size.max(offset);
            data = later;
        }
    }

    /// Reads up to `length` bytes, at most [`MAX_READ`], and none at or beyond the end.
    pub(super) fn read(&self, offset: u64, length: usize) -> Bytes {
        let left = self.size.saturating_sub(offset);
        let length = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(length)
            .min(MAX_READ);
        if length == 0 {
            return Bytes::new();
        }
        let mut buffer = BytesMut::with_capacity(length);
        let (mut number, mut within) = position(offset);
        while buffer.len() < length {
            let count = (length - buffer.len()).min(PAGE - within);
            let page = self.pages.get(&number);
            match page.and_then(|page| page.get(within..within + count)) {
                Some(source) => buffer.extend_from_slice(source),
                None => buffer.resize(buffer.len() + count, 0),
            }
            number += 1;
            within = 0;
        }
        buffer.freeze()
    }

    /// Cuts or lengthens the file. Lengthening makes a hole.
    pub(super) fn set_size(&mut self, size: u64) -> Result<(), FileError> {
        if size > MAX_FILE {
            return Err(FileError::FileTooLarge);
        }
        if size < self.size {
            let (number, within) = position(size);
            let mut removed = self.pages.split_off(&number);
            // What is cut off must read as zeroes if the file grows again.
            if let Some(mut page) = removed.remove(&number).filter(|_| within > 0) {
                page.iter_mut().skip(within).for_each(|byte| *byte = 0);
                self.pages.insert(number, page);
            }
        }
        self.size = size;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_read_as_zeroes() {
        let mut pages = Pages::default();
        let offset = 3 * PAGE as u64 - 2;
        assert_eq!(pages.missing(offset, 4).unwrap(), 2);
        pages.write(offset, b"abcd");
        assert_eq!(pages.missing(offset, 4).unwrap(), 0);
        assert_eq!(pages.missing(0, 1).unwrap(), 1);
        assert_eq!((pages.count(), pages.size()), (2, offset + 4));
        assert_eq!(&pages.read(offset - 1, 100)[..], b"\0abcd");
        assert_eq!(pages.read(0, 10)[..], [0; 10]);
        assert!(pages.read(offset + 4, 1).is_empty());
    }

    #[test]
    fn what_is_cut_off_is_gone() {
        let mut pages = Pages::default();
        pages.write(0, &[7; 2 * PAGE]);
        pages.set_size(10).unwrap();
        assert_eq!(pages.count(), 1);
        pages.set_size(PAGE as u64 * 2).unwrap();
        assert_eq!(&pages.read(8, 4)[..], [7, 7, 0, 0]);
        pages.set_size(0).unwrap();
        assert_eq!(pages.count(), 0);
    }

    #[test]
    fn a_read_is_bounded() {
        let mut pages = Pages::default();
        pages.set_size(MAX_FILE).unwrap();
        assert_eq!(pages.read(5, usize::MAX).len(), MAX_READ);
        assert!(matches!(
            pages.set_size(u64::MAX),
            Err(FileError::FileTooLarge)
        ));
        assert!(matches!(
            pages.missing(u64::MAX, 1),
            Err(FileError::FileTooLarge)
        ));
        assert!(matches!(
            pages.missing(MAX_FILE, 1),
            Err(FileError::FileTooLarge)
        ));
    }
}
