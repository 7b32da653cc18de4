//! Nothing but warnings.

use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::text::shown;
use super::{
    stage::{Stage, StageSummary},
    watcher::{BakeSummary, Level, Progress},
};

/// Writes warnings and nothing else.
pub struct Quiet<W> {
    writer: Mutex<W>,
}

impl<W: Write + Send> Quiet<W> {
    /// Writes warnings to `writer`; [`std::io::sink`] makes it wholly silent.
    pub fn new(writer: W) -> Self {
        Self {
            writer: Mutex::new(writer),
        }
    }
}

impl<W: Write + Send> Progress for Quiet<W> {
    fn stage_started(&self, _: Stage) {}
    fn stage_detail(&self, _: Stage, _: &str) {}
    fn stage_bytes(&self, _: Stage, _: u64, _: Option<u64>) {}
    fn stage_finished(&self, _: Stage, _: &StageSummary) {}
    fn stage_failed(&self, _: Stage, _: Duration) {}

    fn note(&self, level: Level, text: &str) {
        if level == Level::Warning {
            let line = format!("{level}: {}\n", shown(text));
            let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
            // A closed terminal is no reason to stop a bake.
            let _ = writer.write_all(line.as_bytes());
        }
    }

    fn output(&self, _: &[u8]) {}
    fn baked(&self, _: &BakeSummary) {}
}

#[cfg(test)]
mod tests {
    use super::super::tests::tell_everything;
    use super::*;

    #[test]
    fn only_warnings_are_written() {
        let quiet = Quiet::new(Vec::new());
        tell_everything(&quiet);
        quiet.note(Level::Info, "all is well");
        let shown = quiet.writer.into_inner().unwrap();
        assert_eq!(shown, b"warning: odd \\u{1b}[2Jname\n");
    }
}
