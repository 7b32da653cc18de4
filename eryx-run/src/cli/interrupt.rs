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

/// Interrupts the program on Ctrl-C, and ends this process when it does not notice, or on a second one.
pub(super) fn on_ctrl_c(interrupt: Interrupt) -> std::io::Result<()> {
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

#[expect(
    clippy::exit,
    reason = "nothing else ends a guest that does not look up"
)]
fn end() -> ! {
    terminal::restore();
    say("KeyboardInterrupt\n");
    std::process::exit(exit_status::INTERRUPTED.into())
}
