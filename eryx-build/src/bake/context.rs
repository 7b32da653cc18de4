//! What every stage of a bake is given, and the runner that reports it.

use std::{path::PathBuf, sync::Arc};

use eryx_base::variables;
use eryx_runtime::Distribution;

use super::BakeError;
use crate::{
    cache::Cache,
    interface,
    manifest::Manifest,
    progress::{Level, Progress, RunningStage, Stage},
    resolve::Mode,
};

/// What a bake is about, the same for all of its stages.
pub(super) struct Context<'a> {
    /// What the user asks for.
    pub manifest: &'a Manifest,
    /// What may be done with the lock and the network.
    pub mode: &'a Mode,
    /// The runtime that the image is built on.
    pub runtime: Distribution,
    /// The directory of the runtime; `None` for the one that the toolchain carries.
    pub runtime_directory: Option<PathBuf>,
    /// Where entries are kept from one bake to the next.
    pub cache: Cache,
    /// Who watches.
    pub progress: &'a Arc<dyn Progress>,
}

/// What a stage gave, and what is reported of it.
pub(super) struct Done<T> {
    value: T,
    summary: String,
    is_cached: bool,
    notes: Vec<(Level, String)>,
}

impl<'a> Context<'a> {
    /// Opens the cache and the runtime that a manifest asks for, or else the environment; the
    /// built-in runtime when neither does.
    ///
    /// # Errors
    /// When one of them cannot be used.
    pub(super) fn new(
        manifest: &'a Manifest,
        mode: &'a Mode,
        progress: &'a Arc<dyn Progress>,
    ) -> Result<Self, BakeError> {
        let cache = Cache::open()?;
        let chosen = manifest.runtime.path.clone();
        let chosen = chosen.or_else(|| variables::RUNTIME_DIR.path());
        let runtime = match &chosen {
            Some(directory) => Distribution::from_directory(directory)?,
            None => Distribution::embedded()?,
        };
        interface::check(&runtime)?;
        Ok(Context {
            manifest,
            mode,
            runtime,
            runtime_directory: chosen,
            cache,
            progress,
        })
    }

    /// Runs a stage from its start to its end, and reports both with what the stage says of itself.
    ///
    /// # Errors
    /// That of the stage, which is reported as failed.
    pub(super) fn run<T>(
        &self,
        stage: Stage,
        work: impl FnOnce(&RunningStage<'_>) -> Result<Done<T>, BakeError>,
    ) -> Result<T, BakeError> {
        let running = RunningStage::start(&**self.progress, stage);
        let done = work(&running)?;
        if done.is_cached {
            running.finish_cached(done.summary);
        } else {
            running.finish(done.summary);
        }
        for (level, note) in done.notes {
            self.progress.note(level, &note);
        }
        Ok(done.value)
    }

    /// Reports sentences that belong to no stage.
    pub(super) fn note(&self, level: Level, notes: &[String]) {
        for note in notes {
            self.progress.note(level, note);
        }
    }
}

impl<T> Done<T> {
    /// What a stage gave, and what came out of it in a few words.
    pub(super) fn new(value: T, summary: impl Into<String>) -> Self {
        Self {
            value,
            summary: summary.into(),
            is_cached: false,
            notes: Vec::new(),
        }
    }

    /// What the stage gave.
    pub(super) fn value(&self) -> &T {
        &self.value
    }

    /// Says whether the result came out of the cache.
    pub(super) fn cached(mut self, is_cached: bool) -> Self {
        self.is_cached = is_cached;
        self
    }

    /// Adds sentences that are good to know.
    pub(super) fn with_notes(mut self, notes: impl IntoIterator<Item = String>) -> Self {
        let notes = notes.into_iter().map(|note| (Level::Info, note));
        self.notes.extend(notes);
        self
    }

    /// Adds a sentence about what is probably not as the user wants it.
    pub(super) fn with_warning(self, warning: String) -> Self {
        self.with_warnings([warning])
    }

    /// Adds sentences about what is probably not as the user wants it.
    pub(super) fn with_warnings(mut self, warnings: impl IntoIterator<Item = String>) -> Self {
        let warnings = warnings.into_iter();
        let warnings = warnings.map(|warning| (Level::Warning, warning));
        self.notes.extend(warnings);
        self
    }
}
