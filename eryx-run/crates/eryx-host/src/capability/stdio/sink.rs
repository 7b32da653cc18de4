//! Where a program's output goes.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Where a program's output goes.
#[derive(Clone)]
pub struct OutputSink {
    write: Arc<Mutex<dyn Write + Send>>,
    terminal: bool,
}

impl OutputSink {
    /// A sink that takes every write of the program as it comes. `terminal` is what the program is told.
    pub fn new(write: impl Write + Send + 'static, terminal: bool) -> Self {
        Self {
            write: Arc::new(Mutex::new(write)),
            terminal,
        }
    }

    /// A sink that adds what the program writes to these bytes.
    pub(crate) fn collecting(bytes: &Arc<Mutex<Vec<u8>>>) -> Self {
        Self {
            write: bytes.clone(),
            terminal: false,
        }
    }

    /// Writes all of it at once.
    pub(crate) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        lock(&self.write).write_all(bytes)
    }

    /// Whether the program is told that this is a terminal.
    pub(crate) fn is_terminal(&self) -> bool {
        self.terminal
    }
}

/// Says that nobody reads an output any more.
#[derive(Debug)]
pub(crate) struct OutputClosed;

impl std::fmt::Display for OutputClosed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("nobody reads the program's output any more")
    }
}

impl std::error::Error for OutputClosed {}

pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
