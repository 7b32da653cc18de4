//! The stages of a bake, and what is said when one is over.

use std::fmt;
use std::time::{Duration, Instant};

use super::Progress;

/// One stage of a bake, in the order in which data goes through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Manifest → lock.
    Resolve,
    /// Lock → verified files.
    Fetch,
    /// Source distributions → wheels, when there are any.
    Build,
    /// Files → site tree.
    Unpack,
    /// Runtime and native libraries → component.
    Link,
    /// Component → component with one core module.
    Fuse,
    /// Component → snapshot.
    Preinit,
    /// Python sources → bytecode, by the interpreter that makes the snapshot, beside it.
    Bytecode,
    /// Snapshot → smaller snapshot.
    Fold,
    /// Snapshot → machine code.
    Compile,
    /// Machine code and site tree → image.
    Pack,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 11] = [
        Self::Resolve,
        Self::Fetch,
        Self::Build,
        Self::Unpack,
        Self::Link,
        Self::Fuse,
        Self::Preinit,
        Self::Bytecode,
        Self::Fold,
        Self::Compile,
        Self::Pack,
    ];

    /// The stage's name: one lower-case word that does not change between versions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Resolve => "resolve",
            Self::Fetch => "fetch",
            Self::Build => "build",
            Self::Unpack => "unpack",
            Self::Link => "link",
            Self::Fuse => "fuse",
            Self::Preinit => "preinit",
            Self::Fold => "fold",
            Self::Compile => "compile",
            Self::Bytecode => "bytecode",
            Self::Pack => "pack",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `pad` and not `write_str`: columns are aligned with `{:<9}`.
        formatter.pad(self.name())
    }
}

/// What is said about a stage when it is over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StageSummary {
    /// How long it took on the wall clock.
    pub elapsed: Duration,
    /// What came out of it, for instance `12 wheels, 3.1 MB`; may be empty.
    pub note: String,
    /// Whether the result came out of the cache.
    pub cached: bool,
}

/// A stage that was started and whose end is reported: as finished by [`Self::finish`], or as
/// failed when it is dropped before, so that `?` in a stage leaves no spinner behind.
///
/// ```
/// use eryx_build::progress::{Quiet, RunningStage, Stage};
///
/// let progress = Quiet::new(std::io::sink());
/// let stage = RunningStage::start(&progress, Stage::Link);
/// stage.detail("libpython3.14.so");
/// stage.finish("12 libraries");
/// ```
pub struct RunningStage<'progress> {
    progress: &'progress dyn Progress,
    stage: Stage,
    started: Instant,
    finished: bool,
}

impl<'progress> RunningStage<'progress> {
    /// Reports that a stage starts now.
    #[must_use]
    pub fn start(progress: &'progress dyn Progress, stage: Stage) -> Self {
        progress.stage_started(stage);
        Self {
            progress,
            stage,
            started: Instant::now(),
            finished: false,
        }
    }

    /// Reports what the stage is doing now.
    pub fn detail(&self, detail: &str) {
        self.progress.stage_detail(self.stage, detail);
    }

    /// Reports how many bytes are done, and of how many if that is known.
    pub fn bytes(&self, done: u64, total: Option<u64>) {
        self.progress.stage_bytes(self.stage, done, total);
    }

    /// Reports that the stage is over and what came out of it.
    pub fn finish(self, note: impl Into<String>) {
        self.end(note.into(), false);
    }

    /// Reports that the stage's result came out of the cache.
    pub fn finish_cached(self, note: impl Into<String>) {
        self.end(note.into(), true);
    }

    fn end(mut self, note: String, cached: bool) {
        self.finished = true;
        let summary = StageSummary {
            elapsed: self.started.elapsed(),
            note,
            cached,
        };
        self.progress.stage_finished(self.stage, &summary);
    }
}

impl Drop for RunningStage<'_> {
    fn drop(&mut self) {
        if !self.finished {
            self.progress
                .stage_failed(self.stage, self.started.elapsed());
        }
    }
}
