//! What this program itself says on standard error.
//!
//! A sentence must not keep the process from ending: who reads standard error may have stopped reading.
//! So a thread of its own writes it, and the process waits for that no longer than [`PATIENCE`].

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// How long a reader of standard error has to take what is said.
const PATIENCE: Duration = Duration::from_secs(1);

/// Writes a text to standard error. What nobody takes in time, or at all, is lost.
pub(super) fn say(text: impl Into<Vec<u8>>) {
    say_bytes(text.into());
}

fn say_bytes(text: Vec<u8>) {
    let is_said = Arc::new(AtomicBool::new(false));
    let (said, waiting) = (Arc::clone(&is_said), thread::current());
    let writer = move || {
        // Not through the lock of the standard library, which somebody may hold who waits as well.
        let _ = write(&text);
        said.store(true, Ordering::Release);
        waiting.unpark();
    };
    // Without a thread it stays unsaid: writing here might never end.
    if thread::Builder::new().spawn(writer).is_err() {
        return;
    }
    let asked = Instant::now();
    while !is_said.load(Ordering::Acquire) {
        match PATIENCE.checked_sub(asked.elapsed()) {
            Some(left) if !left.is_zero() => thread::park_timeout(left),
            _ => return,
        }
    }
}

#[cfg(unix)]
fn write(mut text: &[u8]) -> io::Result<()> {
    use rustix::io::Errno;
    while !text.is_empty() {
        match rustix::io::write(io::stderr(), text) {
            Ok(count) => text = text.get(count..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn write(text: &[u8]) -> io::Result<()> {
    io::Write::write_all(&mut io::stderr(), text)
}
