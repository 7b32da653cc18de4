//! The bound on a sandbox's memory: its linear memory, and the heap of its exceptions.

use crate::engine::{MAX_MEMORY, MAX_TABLE_ELEMENTS};
use wasmtime::ResourceLimiter;

/// Refuses growth past a bound; the guest then sees an allocation fail, which Python turns into a
/// `MemoryError`.
#[derive(Debug, Clone, Copy)]
pub struct MemoryLimit {
    /// The most bytes that all memories may have together.
    most: usize,
    /// How many they have.
    held: usize,
    /// What was added last, in case the system does not give it.
    added: usize,
}

impl MemoryLimit {
    /// A bound of `most` bytes. `None` leaves the 4 GiB that a 32-bit guest can address.
    pub fn new(most: Option<u64>) -> Self {
        Self {
            most: most.map_or(MAX_MEMORY, |most| {
                usize::try_from(most).unwrap_or(usize::MAX)
            }),
            held: 0,
            added: 0,
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
        // Linear memory comes first, with all that the snapshot holds.
        if self.held == 0 && desired > self.most {
            return Err(wasmtime::Error::new(MemoryTooSmall {
                most: self.most,
                needed: desired,
            }));
        }
        self.added = 0;
        let added = desired.saturating_sub(current);
        let held = self.held.saturating_add(added);
        if held > self.most {
            return Ok(false);
        }
        (self.held, self.added) = (held, added);
        Ok(true)
    }

    /// The engine calls it right after [`ResourceLimiter::memory_growing`] alone, as long as memories have
    /// pages of one size.
    fn memory_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.held -= std::mem::take(&mut self.added);
        Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memories_are_bounded_together() {
        let mut limit = MemoryLimit::new(Some(100));
        let mut grows = |current, desired| limit.memory_growing(current, desired, None).unwrap();
        assert!(grows(0, 60));
        assert!(grows(0, 20));
        assert!(!grows(60, 90));
        assert!(grows(60, 80));
        assert!(!grows(20, 21));
    }

    #[test]
    fn what_the_system_did_not_give_is_not_counted() {
        let mut limit = MemoryLimit::new(Some(100));
        assert!(limit.memory_growing(0, 60, None).unwrap());
        assert!(limit.memory_growing(60, 100, None).unwrap());
        for _ in 0..2 {
            // Told twice, it counts once.
            limit
                .memory_grow_failed(wasmtime::Error::msg("no"))
                .unwrap();
        }
        assert!(!limit.memory_growing(60, 101, None).unwrap());
        assert!(limit.memory_growing(60, 100, None).unwrap());
    }

    #[test]
    fn a_snapshot_that_does_not_fit_is_an_error() {
        let mut limit = MemoryLimit::new(Some(100));
        let error = limit.memory_growing(0, 101, None).unwrap_err();
        assert!(error.is::<MemoryTooSmall>());
    }
}
