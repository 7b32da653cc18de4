//! Faults of machine code: a sentence and an exit status instead of a silent death by a signal.
//!
//! An image whose machine code is damaged may do what the processor refuses. The engine knows the places
//! where sound code does so and handles those; it hands all others on to whoever was there before it.
//! That is the handler here, which only reads memory that was prepared before, and calls nothing but
//! `poll`, `write` and `_exit`.

use eryx_base::{escape::escape_short, exit_status};
use std::{path::Path, sync::OnceLock};

/// The signals by which a processor, or the engine, reports that it cannot go on.
const FAULTS: [(libc::c_int, &str); 6] = [
    (libc::SIGSEGV, "SIGSEGV"),
    (libc::SIGBUS, "SIGBUS"),
    (libc::SIGILL, "SIGILL"),
    (libc::SIGFPE, "SIGFPE"),
    (libc::SIGTRAP, "SIGTRAP"),
    // The engine's own, when machine code left the stack or its records in disorder.
    (libc::SIGABRT, "SIGABRT"),
];

/// How many milliseconds a reader of standard error has to make room for the sentence.
const PATIENCE: libc::c_int = 1000;

/// The most characters of an image's path that are shown: the sentence fits into an empty page of a pipe.
const MAX_PATH: usize = 300;

/// The sentence for each of [`FAULTS`].
static SENTENCES: OnceLock<[String; FAULTS.len()]> = OnceLock::new();

/// Has faults of this process reported as damage of the image at this path. To be called before an
/// engine is made, which then handles those that it knows.
pub(super) fn report_as_damage(image: &Path) {
    let image = escape_short(&image.to_string_lossy(), MAX_PATH);
    let sentence = |(_, name): (libc::c_int, &str)| {
        format!(
            "eryx: machine code failed with {name}: the image is damaged: eryx verify '{image}'\n"
        )
    };
    if SENTENCES.set(FAULTS.map(sentence)).is_err() {
        return;
    }
    for (signal, _) in FAULTS {
        // SAFETY: the action is zeroed, which is its empty form, and then filled in; the handler has the
        // type that SA_SIGINFO asks for, and does only what a handler may. The stack that SA_ONSTACK
        // names was made by the standard library for each of its threads. When the call fails, the
        // signal does what it did before.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = handle as *const () as libc::sighandler_t;
            action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
            libc::sigemptyset(&raw mut action.sa_mask);
            libc::sigaction(signal, &raw const action, std::ptr::null_mut());
        }
    }
}

/// Has a write beyond the largest size of files that this process may have (RLIMIT_FSIZE) fail instead of
/// end the process, as CPython does for itself. What this process starts would inherit that.
pub(super) fn ignore_size_limit() {
    // SAFETY: ignoring a signal installs no code of ours.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// Writes the sentence, if there is room for it in time, and ends the process.
extern "C" fn handle(signal: libc::c_int, _: *mut libc::siginfo_t, _: *mut libc::c_void) {
    let index = FAULTS.iter().position(|(known, _)| *known == signal);
    let sentence = SENTENCES
        .get()
        .zip(index)
        .and_then(|(sentences, index)| sentences.get(index));
    let sentence = sentence.map_or("", String::as_str);
    // SAFETY: the three functions may be called in handlers of signals; the pointers are to a value on
    // this stack and to text that lives as long as the process.
    unsafe {
        let mut standard_error = libc::pollfd {
            fd: libc::STDERR_FILENO,
            events: libc::POLLOUT,
            revents: 0,
        };
        if libc::poll(&raw mut standard_error, 1, PATIENCE) == 1 {
            libc::write(
                libc::STDERR_FILENO,
                sentence.as_ptr().cast(),
                sentence.len(),
            );
        }
        libc::_exit(exit_status::LOADER.into())
    }
}
