//! Who is told what a bake is doing, and what a note and a summary are.

use std::{fmt, path::PathBuf, time::Duration};

use eryx_base::{escape::escape, size::human_bytes};

use super::stage::{Stage, StageSummary};
use super::text;

/// Who is told what a bake is doing.
///
/// Every method may be called from any thread; none may fail, since a bake does not stop because
/// nobody can watch it. Stages mostly use [`RunningStage`](super::RunningStage), which calls the first five.
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
