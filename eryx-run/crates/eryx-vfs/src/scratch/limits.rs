//! How much a scratch space may hold.

/// How much a scratch space may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScratchLimits {
    /// Bytes of memory for contents (in pages of 4 KiB), names and nodes together.
    pub bytes: u64,
    /// Files, directories and symbolic links, the root included.
    pub files: u64,
}

impl Default for ScratchLimits {
    /// 64 MiB and 65 536 files.
    fn default() -> Self {
        Self {
            bytes: 64 * 1024 * 1024,
            files: 65_536,
        }
    }
}
