//! Where the entries of a zip archive lie: one behind the other from the first byte to the directory.
//!
//! A reader that goes through an archive from its start sees what stands between entries, and one
//! that goes by the directory does not.

use std::io::Cursor;

use zip::read::ZipArchive;

use super::error::WheelProblem;
use super::header::{ENTRY_HEADER, local_lengths, not_an_archive};

/// The flag of an entry that has its sizes behind its data.
const STREAMED_FLAG: u16 = 1 << 3;

/// How long the sizes behind the data are, in bytes: with or without a signature, and of 32 or 64
/// bits.
const DESCRIPTORS: [u64; 4] = [12, 16, 20, 24];

/// Checks that there is nothing between the entries of an archive, and that none overlap.
pub(super) fn check(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    bytes: &[u8],
) -> Result<(), WheelProblem> {
    let mut extents = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).map_err(not_an_archive)?;
        let start = entry.header_start();
        let (name, extra) = local_lengths(bytes, start).unwrap_or_default();
        let header = u64::try_from(ENTRY_HEADER.saturating_add(name).saturating_add(extra));
        let end = header
            .unwrap_or(u64::MAX)
            .saturating_add(start)
            .saturating_add(entry.compressed_size());
        let streamed = entry.flags().as_u16() & STREAMED_FLAG != 0;
        extents.push((start, end, streamed, index));
    }
    extents.sort_unstable();
    // What ended before, and whether sizes may stand behind it.
    let mut before = (0, false);
    for (start, end, streamed, index) in extents {
        if !follows(start, before) {
            let entry = archive.by_index_data(index).map_err(not_an_archive)?;
            let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
            return Err(WheelProblem::Gap(name));
        }
        before = (end, streamed);
    }
    if follows(archive.central_directory_start(), before) {
        return Ok(());
    }
    Err(WheelProblem::Gap("the directory".to_owned()))
}

fn follows(start: u64, (end, streamed): (u64, bool)) -> bool {
    let gap = start.checked_sub(end);
    gap == Some(0) || streamed && gap.is_some_and(|gap| DESCRIPTORS.contains(&gap))
}
