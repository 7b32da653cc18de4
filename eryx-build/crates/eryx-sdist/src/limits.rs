//! How large source distributions and what is in them may be.

/// The largest source distribution, in bytes.
pub const MAX_ARCHIVE_SIZE: u64 = 512 << 20;
/// The largest size of all files of a source distribution together, in bytes when unpacked.
pub const MAX_SOURCE_SIZE: u64 = 1 << 30;
/// The most symbolic links in a source distribution.
pub(crate) const MAX_LINKS: usize = 1_000;
/// The longest header that describes another entry, in bytes.
pub(crate) const MAX_EXTENSION: u64 = 64 << 10;
