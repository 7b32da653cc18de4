//! What a bake is doing, told to whoever watches.
//!
//! Stages report to a [`Progress`] and know nothing else about terminals, colours or options; the
//! renderers here know nothing about what the stages do. Everything that is shown may come from a
//! package or a script, so renderers write control characters as escapes.
//!
//! ```
//! use eryx_build::progress::{Plain, Progress as _, RunningStage, Stage};
//!
//! fn link(progress: &dyn eryx_build::progress::Progress) {
//!     let stage = RunningStage::start(progress, Stage::Link);
//!     stage.detail("libpython3.14.so");
//!     stage.finish("12 libraries");
//! }
//!
//! let plain = Plain::new(Vec::new());
//! link(&plain);
//! let line = String::from_utf8(plain.into_writer().unwrap()).unwrap();
//! assert!(line.starts_with("link ") && line.ends_with(" s  12 libraries\n"));
//! ```

mod choose;
mod json;
mod plain;
mod quiet;
mod running;
mod stage;
mod terminal;
mod text;
mod watcher;

pub use choose::{ProgressOptions, for_options};
pub use json::Json;
pub use plain::Plain;
pub use quiet::Quiet;
pub use running::RunningStage;
pub use stage::{Stage, StageSummary};
pub use terminal::Terminal;
pub use watcher::{BakeSummary, Level, Progress};

#[cfg(test)]
mod tests {
    use super::*;
    use std::{path::PathBuf, time::Duration};

    /// One of everything, as a bake with a hostile package in it would tell it.
    pub(super) fn tell_everything(progress: &dyn Progress) {
        let over = |milliseconds, note: &str, cached| StageSummary {
            elapsed: Duration::from_millis(milliseconds),
            note: note.to_owned(),
            cached,
        };
        progress.stage_started(Stage::Link);
        progress.stage_detail(Stage::Link, "libpython\u{1b}.so");
        progress.stage_detail(Stage::Link, "libpython\u{1b}.so");
        progress.stage_bytes(Stage::Link, 10, Some(20));
        progress.stage_bytes(Stage::Link, 20, Some(20));
        progress.stage_finished(Stage::Link, &over(213, "12 libraries", true));
        progress.note(Level::Warning, "odd \u{1b}[2Jname");
        progress.stage_started(Stage::Preinit);
        progress.output(b"imp");
        progress.output(b"orted\npart");
        progress.stage_finished(Stage::Preinit, &over(12_300, "", false));
        progress.stage_started(Stage::Compile);
        progress.stage_failed(Stage::Compile, Duration::from_secs(1));
        progress.baked(&BakeSummary {
            image: PathBuf::from("example.cwasm"),
            bytes: 34_000_000,
            elapsed: Duration::from_millis(14_200),
        });
    }

    #[test]
    fn a_stage_that_is_dropped_has_failed() {
        let json = Json::new(Vec::new());
        drop(RunningStage::start(&json, Stage::Fetch));
        RunningStage::start(&json, Stage::Pack).finish_cached("x");
        let shown = String::from_utf8(json.into_writer().unwrap()).unwrap();
        let events: Vec<(String, String)> = shown
            .lines()
            .map(|line| {
                let event: serde_json::Value = serde_json::from_str(line).unwrap();
                (event["event"].to_string(), event["stage"].to_string())
            })
            .collect();
        let expected = [
            ("stage-started", "fetch"),
            ("stage-failed", "fetch"),
            ("stage-started", "pack"),
            ("stage-finished", "pack"),
        ]
        .map(|(event, stage)| (format!("{event:?}"), format!("{stage:?}")));
        assert_eq!(events, expected);
    }
}
