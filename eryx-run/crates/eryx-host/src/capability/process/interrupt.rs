//! Interrupting a running program, as Ctrl-C does, at no cost to its speed.
//!
//! The guest says at the start of a run which bits of its memory CPython's own signal handler would
//! set (see `runtime/guest/interrupt.c`). To interrupt the program, the host sets them.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU8, Ordering},
};
use tokio::sync::Notify;
use wasmtime::component::{ComponentType, Lift};

/// The most cells that a guest may name.
pub(crate) const MAX_CELLS: usize = 64;

/// One byte of the guest's memory that is changed to interrupt the guest.
#[derive(Debug, Clone, Copy, ComponentType, Lift)]
#[component(record)]
pub(crate) struct Cell {
    /// Bytes from the start of the memory that the guest gave.
    offset: u32,
    /// The bits that are set.
    bits: u8,
}

/// Interrupts the program that runs in a sandbox. Clones interrupt the same program.
#[derive(Clone, Default)]
pub struct Interrupt {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    cells: Mutex<Cells>,
    notify: Notify,
}

/// Bytes in the linear memory of a live instance, with the bits to set in each. Empty before the guest
/// has named them and after its run.
#[derive(Default)]
struct Cells(Vec<(*const AtomicU8, u8)>);

// SAFETY: the pointers are only followed through `Interrupt`, under its lock, and are removed under the
// same lock before the memory goes away; what they point to is only accessed atomically by the host.
unsafe impl Send for Cells {}

impl Interrupt {
    /// Raises `KeyboardInterrupt` in the program and ends what it waits for. Returns whether there is a
    /// program that can take it: one that cannot is left as it is, and goes on waiting until the caller
    /// ends it. One that ignores interrupts does so by taking them.
    pub fn interrupt(&self) -> bool {
        let cells = self.cells();
        if cells.0.is_empty() {
            return false;
        }
        if cells.0.iter().all(|&(_, bits)| bits == 0) {
            return true;
        }
        for &(cell, bits) in &cells.0 {
            // SAFETY: `offer` says why the pointer is valid while it is in the list, and the lock is held.
            unsafe { &*cell }.fetch_or(bits, Ordering::Relaxed);
        }
        self.shared.notify.notify_waiters();
        true
    }

    /// Whether the program has not yet noticed an interrupt.
    pub fn is_pending(&self) -> bool {
        self.cells().0.iter().any(|&(cell, bits)| {
            // SAFETY: as in `interrupt`.
            unsafe { &*cell }.load(Ordering::Relaxed) & bits != 0
        })
    }

    /// Waits until there is an interrupt that the program has not noticed.
    pub(crate) async fn interrupted(&self) {
        // Made before the look, so that an interrupt between the two is not missed.
        let notified = self.shared.notify.notified();
        if !self.is_pending() {
            notified.await;
        }
    }

    /// Takes the cells of a guest that starts to run. `memory` lies in its linear memory, which neither
    /// moves nor shrinks while the instance lives ([`crate::engine::config`]); the caller calls
    /// [`Interrupt::withdraw`] before that ends. Cells outside `memory` are ignored.
    pub(crate) fn offer(&self, memory: &[u8], cells: &[Cell]) {
        let inside = |cell: &Cell| {
            let byte = memory.get(usize::try_from(cell.offset).ok()?)?;
            // Linear memory is mapped by the system and shared with machine code: a pointer into it is
            // made from its address, not from the reference, through which nothing could be written.
            let address = std::ptr::from_ref(byte).expose_provenance();
            Some((std::ptr::with_exposed_provenance(address), cell.bits))
        };
        *self.cells() = Cells(cells.iter().filter_map(inside).collect());
    }

    /// Forgets the cells; nothing touches them afterwards.
    pub(crate) fn withdraw(&self) {
        self.cells().0.clear();
    }

    fn cells(&self) -> MutexGuard<'_, Cells> {
        self.shared
            .cells
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{future::Future, pin::pin, task};

    /// Whether an interrupt that comes during a wait ends it, and what `interrupt` says.
    fn ends_a_wait(cells: &[Cell]) -> (bool, bool) {
        let memory = [0];
        let interrupt = Interrupt::default();
        interrupt.offer(&memory, cells);
        let mut wait = pin!(interrupt.interrupted());
        let mut context = task::Context::from_waker(task::Waker::noop());
        assert!(wait.as_mut().poll(&mut context).is_pending());
        let taken = interrupt.interrupt();
        let ended = wait.as_mut().poll(&mut context).is_ready();
        (taken, ended)
    }

    /// A program that left SIGINT to the system runs no further line of its own before it is ended.
    #[test]
    fn what_cannot_be_told_goes_on_waiting() {
        assert_eq!(ends_a_wait(&[]), (false, false));
    }

    #[test]
    fn what_ignores_it_goes_on_waiting() {
        let ignored = Cell { offset: 0, bits: 0 };
        assert_eq!(ends_a_wait(&[ignored]), (true, false));
    }
}
