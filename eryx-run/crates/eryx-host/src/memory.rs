//! The bound on a sandbox's linear memory.

use crate::engine::MAX_TABLE_ELEMENTS;
use wasmtime::ResourceLimiter;

/// Refuses growth past a bound; the guest then sees an allocation fail, which Python turns into a
/// `MemoryError`.
#[derive(Debug, Clone, Copy)]
pub struct MemoryLimit {
    /// The most bytes linear memory may have.
    most: usize,
}

impl MemoryLimit {
    /// A bound of `most` bytes. `None` leaves the 4 GiB that a 32-bit guest can address.
    pub fn new(most: Option<u64>) -> Self {
        Self {
            most: most.map_or(usize::MAX, |most| {
                usize::try_from(most).unwrap_or(usize::MAX)
            }),
        }
    }
}

/// The image alone needs more memory than a run may use.
#[derive(Debug, thiserror::Error)]
#[error(
    "the image needs {needed} bytes of memory before a program starts, and the limit is {most}: \
     raise it"
)]
pub struct MemoryTooSmall {
    /// The bound.
    most: usize,
    /// What the snapshot holds, in bytes.
    needed: usize,
}

impl ResourceLimiter for MemoryLimit {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if current == 0 && desired > self.most {
            return Err(wasmtime::Error::new(MemoryTooSmall {
                most: self.most,
                needed: desired,
            }));
        }
        Ok(desired <= self.most)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= MAX_TABLE_ELEMENTS)
    }
}
