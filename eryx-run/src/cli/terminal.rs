//! The terminal's mode, which is left as it was found however this process ends.
//!
//! While a line is edited, the terminal is in a mode in which a shell could not be used. The editor puts
//! the mode back when it returns or panics. A time limit, a second Ctrl-C and signals end the process from
//! other threads in the middle of it; they call [`restore`] first.

use super::message::say;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use signal_hook::{
    consts::{SIGHUP, SIGQUIT, SIGTERM},
    iterator::Signals,
    low_level::emulate_default_handler,
};
use std::{
    io::{IsTerminal, stdin, stdout},
    sync::{Mutex, MutexGuard, Once, PoisonError},
    thread,
};

/// The mode to put back, while a line is edited.
static MODE: Mutex<Option<Termios>> = Mutex::new(None);

/// Terminals that cannot move their cursor, by the names that they have in `TERM`.
const SIMPLE: [&str; 3] = ["dumb", "cons25", "emacs"];

/// Whether lines can be edited: both streams are terminals, of a kind that can do more than print.
pub(super) fn can_edit() -> bool {
    let capable = std::env::var("TERM").is_ok_and(|kind| !SIMPLE.contains(&kind.as_str()));
    capable && stdin().is_terminal() && stdout().is_terminal()
}

/// Notes the terminal's mode, until the guard is dropped.
pub(super) fn guard_mode() -> TerminalModeGuard {
    static ONCE: Once = Once::new();
    ONCE.call_once(restore_on_signals);
    *mode() = tcgetattr(stdin()).ok();
    TerminalModeGuard
}

/// The mode of the terminal is on record.
pub(super) struct TerminalModeGuard;

impl Drop for TerminalModeGuard {
    fn drop(&mut self) {
        *mode() = None;
    }
}

/// Puts the mode back when a line is being edited. Only for a process that ends now: no line is edited
/// afterwards.
pub(super) fn restore() {
    let mut mode = mode();
    if let Some(mode) = mode.take() {
        let _ = tcsetattr(stdin(), OptionalActions::Now, &mode);
        say("\n");
    }
    // Who wants to edit a line waits for the end of the process.
    std::mem::forget(mode);
}

/// Has the signals that end a process do so with the mode restored. Without that the process would end all
/// the same.
fn restore_on_signals() {
    let Ok(mut signals) = Signals::new([SIGHUP, SIGQUIT, SIGTERM]) else {
        return;
    };
    let _ = thread::Builder::new()
        .name("terminal".to_owned())
        .spawn(move || {
            for signal in signals.forever() {
                restore();
                let _ = emulate_default_handler(signal);
            }
        });
}

fn mode() -> MutexGuard<'static, Option<Termios>> {
    MODE.lock().unwrap_or_else(PoisonError::into_inner)
}
