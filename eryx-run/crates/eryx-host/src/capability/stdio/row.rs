//! The row of the terminal in which the cursor is.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The longest prompt that a reader is given, in bytes. Of a longer one it gets the end.
pub(crate) const MAX_PROMPT: usize = 4096;

/// What the program has printed in the row of the terminal in which the cursor is.
#[derive(Clone, Default)]
pub(crate) struct Row {
    bytes: Arc<Mutex<Vec<u8>>>,
}

impl Row {
    /// The program printed this.
    pub(crate) fn print(&self, bytes: &[u8]) {
        let mut row = self.lock();
        let end = match bytes.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')) {
            Some(last) => {
                row.clear();
                bytes.get(last + 1..).unwrap_or_default()
            }
            None => bytes,
        };
        let start = end.len().saturating_sub(MAX_PROMPT);
        row.extend_from_slice(end.get(start..).unwrap_or_default());
        let excess = row.len().saturating_sub(MAX_PROMPT);
        row.drain(..excess);
    }

    /// The person has typed a line: the cursor is in a new row.
    pub(crate) fn leave(&self) {
        self.lock().clear();
    }

    /// What stands in the row. The cursor leaves it.
    pub(crate) fn take(&self) -> String {
        let bytes = std::mem::take(&mut *self.lock());
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<u8>> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
