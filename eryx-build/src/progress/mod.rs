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
mod stage;
mod terminal;
mod text;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

pub use choose::{ProgressOptions, for_options};
pub use json::Json;
pub use plain::Plain;
pub use quiet::Quiet;
pub use stage::{RunningStage, Stage, StageSummary};
pub use terminal::Terminal;

use eryx_base::{escape::escape, size::human_bytes};

/// Who is told what a bake is doing.
///
/// Every method may be called from any thread; none may fail, since a bake does not stop because
/// nobody can watch it. Stages mostly use [`RunningStage`], which calls the first five.
pub trait Progress: Send + Sync {
    /// A stage starts.
    fn stage_started(&self, stage: Stage);

    /// What a stage is doing now: the module being imported, the file being fetched.
    fn stage_detail(&self, stage: Stage, detail: &str);

    /// How many bytes a stage has done, and of how many if that is known.
    fn stage_bytes(&self, stage: Stage, done: u64, total: Option<u64>);

    /// A stage is over and gave a result.
    fn stage_finished(&self, stage: Stage, summary: &StageSummary);

    /// A stage is over and gave none; the error itself is the caller's to report.
    fn stage_failed(&self, stage: Stage, elapsed: Duration);

    /// Something worth knowing that does not stop the bake, in one line.
    fn note(&self, level: Level, text: &str);

    /// What the guest wrote to its standard streams at bake time, in pieces of any size.
    fn output(&self, bytes: &[u8]);

    /// The image is written and in its place.
    fn baked(&self, summary: &BakeSummary);

    /// The bake failed. Only renderers for programs do something here: for people, the binary
    /// draws the error itself.
    fn error(&self, message: &str, suggestion: Option<&str>) {
        let _ = (message, suggestion);
    }
}

/// How much a note matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Good to know.
    Info,
    /// Probably not what the user wants.
    Warning,
}

impl Level {
    /// The level's name: one lower-case word that does not change between versions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// What is said about a bake when it is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BakeSummary {
    /// Where the image is.
    pub image: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// How long the whole bake took on the wall clock.
    pub elapsed: Duration,
}

impl BakeSummary {
    /// The summary as people read it, safe to show.
    #[must_use]
    pub fn sentence(&self) -> String {
        let image = self.image.display().to_string();
        let image = escape(&image);
        let size = human_bytes(self.bytes);
        let seconds = text::seconds(self.elapsed);
        format!("{image}: {size}, baked in {seconds} s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
