//! One line a stage, for log files and pipes.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::text::{GuestLines, note, seconds, shown};
use super::{
    stage::{Stage, StageSummary},
    watcher::{BakeSummary, Level, Progress},
};

/// Writes one line for each finished stage; when verbose, also what each stage is doing.
///
/// A writer that fails is not written to any more and does not stop the bake.
pub struct Plain<W> {
    verbose: bool,
    state: Mutex<State<W>>,
}

struct State<W> {
    writer: Option<W>,
    guest: GuestLines,
    details: BTreeMap<Stage, String>,
}

impl<W: Write + Send> Plain<W> {
    /// Writes a line for each finished stage.
    pub fn new(writer: W) -> Self {
        Self::with_details(writer, false)
    }

    /// Writes a line for each step of each stage, too.
    pub fn verbose(writer: W) -> Self {
        Self::with_details(writer, true)
    }

    fn with_details(writer: W, verbose: bool) -> Self {
        let state = State {
            writer: Some(writer),
            guest: GuestLines::default(),
            details: BTreeMap::new(),
        };
        Self {
            verbose,
            state: Mutex::new(state),
        }
    }

    /// The writer, when every write to it succeeded.
    pub fn into_writer(self) -> Option<W> {
        self.state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .writer
    }

    fn state(&self) -> MutexGuard<'_, State<W>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<W: Write> State<W> {
    fn line(&mut self, line: &str) {
        if let Some(writer) = &mut self.writer {
            // One write a line: lines of other processes on the same terminal stay apart.
            let line = format!("{}\n", line.trim_end());
            if writer
                .write_all(line.as_bytes())
                .and_then(|()| writer.flush())
                .is_err()
            {
                self.writer = None;
            }
        }
    }

    fn guest_line(&mut self, line: &str) {
        self.line(&format!("  | {line}"));
    }

    fn flush_guest(&mut self) {
        if let Some(line) = self.guest.flush() {
            self.guest_line(&line);
        }
    }
}

impl<W: Write + Send> Progress for Plain<W> {
    fn stage_started(&self, stage: Stage) {
        if self.verbose {
            self.state().line(&format!("{stage:<9} starts"));
        }
    }

    fn stage_detail(&self, stage: Stage, detail: &str) {
        if !self.verbose {
            return;
        }
        let mut state = self.state();
        // The same words again are no news.
        if state.details.get(&stage).is_none_or(|last| last != detail) {
            state.details.insert(stage, detail.to_owned());
            state.line(&format!("{stage:<9} {}", shown(detail)));
        }
    }

    fn stage_bytes(&self, _: Stage, _: u64, _: Option<u64>) {}

    fn stage_finished(&self, stage: Stage, summary: &StageSummary) {
        let mut state = self.state();
        state.flush_guest();
        let seconds = seconds(summary.elapsed);
        let note = note(&summary.note, summary.cached);
        state.line(&format!("{stage:<9} {seconds:>6} s  {note}"));
    }

    fn stage_failed(&self, stage: Stage, elapsed: Duration) {
        let mut state = self.state();
        state.flush_guest();
        let seconds = seconds(elapsed);
        state.line(&format!("{stage:<9} {seconds:>6} s  failed"));
    }

    fn note(&self, level: Level, text: &str) {
        let mut state = self.state();
        state.flush_guest();
        state.line(&format!("{level}: {}", shown(text)));
    }

    fn output(&self, bytes: &[u8]) {
        let mut state = self.state();
        for line in state.guest.push(bytes) {
            state.guest_line(&line);
        }
    }

    fn baked(&self, summary: &BakeSummary) {
        self.state().line(&summary.sentence());
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::tell_everything;
    use super::*;

    fn written(plain: Plain<Vec<u8>>) -> String {
        tell_everything(&plain);
        String::from_utf8(plain.into_writer().unwrap()).unwrap()
    }

    #[test]
    fn a_line_for_each_finished_stage() {
        assert_eq!(
            written(Plain::new(Vec::new())),
            r"link         0.2 s  12 libraries (cached)
warning: odd \u{1b}[2Jname
  | imported
  | part
preinit     12.3 s
compile      1.0 s  failed
example.cwasm: 34.0 MB, baked in 14.2 s
"
        );
    }

    #[test]
    fn verbose_says_what_each_stage_is_doing() {
        assert_eq!(
            written(Plain::verbose(Vec::new())),
            r"link      starts
link      libpython\u{1b}.so
link         0.2 s  12 libraries (cached)
warning: odd \u{1b}[2Jname
preinit   starts
  | imported
  | part
preinit     12.3 s
compile   starts
compile      1.0 s  failed
example.cwasm: 34.0 MB, baked in 14.2 s
"
        );
    }

    #[test]
    fn a_writer_that_fails_is_left_alone() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let plain = Plain::new(Full);
        tell_everything(&plain);
        assert!(plain.into_writer().is_none());
    }
}
