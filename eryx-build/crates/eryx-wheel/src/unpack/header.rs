//! The headers of the entries of a zip archive, as bytes.

use zip::result::ZipError;

use super::error::WheelProblem;

/// The fixed part of an entry in the directory, in bytes.
pub(super) const DIRECTORY_HEADER: usize = 46;
/// The fixed part of the header before the data of an entry, in bytes.
pub(super) const ENTRY_HEADER: usize = 30;

/// The lengths of the name and of the extra fields of the header before data that starts at `start`.
pub(super) fn local_lengths(bytes: &[u8], start: u64) -> Option<(usize, usize)> {
    lengths(bytes, start, ENTRY_HEADER)
}

/// The lengths of the name and of the extra fields of the header of this fixed length that starts at `start`.
pub(super) fn lengths(bytes: &[u8], start: u64, header: usize) -> Option<(usize, usize)> {
    let bytes = bytes.get(usize::try_from(start).ok()?..)?;
    let lengths = if header == DIRECTORY_HEADER { 28 } else { 26 };
    let [n0, n1, f0, f1] = *bytes.get(lengths..)?.first_chunk()?;
    let name = u16::from_le_bytes([n0, n1]);
    let fields = u16::from_le_bytes([f0, f1]);
    Some((name.into(), fields.into()))
}

pub(super) fn not_an_archive(source: ZipError) -> WheelProblem {
    WheelProblem::NotAnArchive(Some(source))
}
