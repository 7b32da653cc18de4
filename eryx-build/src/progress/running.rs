//! A stage from its start to its end.

use std::time::Instant;

use super::stage::{Stage, StageSummary};
use super::watcher::Progress;

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
