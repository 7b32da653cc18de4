//! How large wheels and what is in them may be.

/// The largest wheel file, in bytes.
pub const MAX_WHEEL_SIZE: u64 = 512 << 20;
/// The most entries in one wheel.
pub const MAX_ENTRIES: usize = 100_000;
/// The largest file in a wheel, in bytes when unpacked.
pub const MAX_FILE_SIZE: u64 = 512 << 20;
/// The largest size of all files of all wheels together, in bytes when unpacked.
pub const MAX_TOTAL_SIZE: u64 = 2 << 30;
/// How many times larger than in the archive a file may be when unpacked.
pub const MAX_RATIO: u64 = 200;
