//! Ctrl-C: first the program is asked, then it is ended.

use super::{message::say, terminal};
use eryx::Interrupt;
use eryx_base::exit_status;
use signal_hook::{consts::SIGINT, iterator::Signals};
use std::{
    thread,
    time::{Duration, Instant},
};

/// How long the program has to notice. Python code notices at once; one long call into C may not.
const PATIENCE: Duration = Duration::from_secs(1);

/// Interrupts the program on Ctrl-C, and ends this process when it does not notice, or on a second one. Who
/// started this process may have had it ignore Ctrl-C: then that is how it stays.
pub(super) fn on_ctrl_c(interrupt: Interrupt) -> std::io::Result<()> {
    if is_ignored() {
        return Ok(());
    }
    let mut signals = Signals::new([SIGINT])?;
    thread::Builder::new()
        .name("ctrl-c".to_owned())
        .spawn(move || {
            while signals.wait().next().is_some() {
                if !interrupt.interrupt() {
                    end();
                }
                let asked = Instant::now();
                while interrupt.is_pending() {
                    if asked.elapsed() > PATIENCE || signals.pending().next().is_some() {
                        end();
                    }
                    thread::sleep(Duration::from_millis(5));
                }
            }
        })?;
    Ok(())
}

/// Whether SIGINT was ignored when this process started, which only Linux tells without unsafe code.
fn is_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = (status.lines())
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & 1 << (SIGINT - 1) != 0)
}

#[expect(
    clippy::exit,
    reason = "nothing else ends a guest that does not look up"
)]
fn end() -> ! {
    terminal::restore();
    say("KeyboardInterrupt\n");
    std::process::exit(exit_status::INTERRUPTED.into())
}
