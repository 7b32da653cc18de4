//! Resolve: the manifest's requirements → the lock.

use std::{path::PathBuf, sync::Arc};

use super::{
    BakeError,
    context::{Context, Done},
    native::NativeBuilds,
    sources,
};
use crate::{
    installer::Question,
    manifest::Manifest,
    progress::{Progress, Stage},
    resolve::{self, Change, Helpers, LockedRuntime, Mode, Resolution},
};

/// What became of a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockSummary {
    /// The lock's file.
    pub path: PathBuf,
    /// The lock, and what changed.
    pub resolution: Resolution,
}

/// Makes or updates the lock of a manifest, and nothing else.
///
/// # Errors
/// That of resolving, or of the runtime and the cache that it needs.
pub fn lock(
    manifest: &Manifest,
    mode: &Mode,
    progress: &Arc<dyn Progress>,
) -> Result<LockSummary, BakeError> {
    let context = Context::new(manifest, mode, progress)?;
    let natives = NativeBuilds::new(&context)?;
    let path = resolve::lock_path(&manifest.path);
    // The summary says what changed.
    let resolution = context.run(Stage::Resolve, |stage| {
        let done = resolution(&context, &natives, &|line| stage.detail(line))?;
        let warnings = done.value().warnings.clone();
        Ok(done.with_warnings(warnings))
    })?;
    Ok(LockSummary { path, resolution })
}

/// The lock that the manifest's requirements resolve to.
pub(super) fn resolve(
    context: &Context<'_>,
    natives: &NativeBuilds<'_>,
) -> Result<resolve::Lock, BakeError> {
    let resolution = context.run(Stage::Resolve, |stage| {
        let done = resolution(context, natives, &|line| stage.detail(line))?;
        let changes = changes(context.manifest, done.value());
        Ok(done.with_notes(changes))
    })?;
    Ok(resolution.lock)
}

/// The same for a lock that nobody keeps.
pub(super) fn resolve_once(
    context: &Context<'_>,
    natives: &NativeBuilds<'_>,
) -> Result<resolve::Lock, BakeError> {
    let resolution = context.run(Stage::Resolve, |stage| {
        resolution(context, natives, &|line| stage.detail(line))
    })?;
    Ok(resolution.lock)
}

fn resolution(
    context: &Context<'_>,
    natives: &NativeBuilds<'_>,
    report: &(dyn Fn(&str) + Sync),
) -> Result<Done<Resolution>, BakeError> {
    let lock = resolve::lock_path(&context.manifest.path);
    let request = resolve::Request {
        packages: &context.manifest.packages,
        lock: &lock,
        python: context.runtime.python(),
        runtime: &LockedRuntime {
            identity: context.runtime.identity().to_owned(),
            built_in: context.runtime_directory.is_none(),
        },
        mode: context.mode.clone(),
    };
    let resolution = sources::with_builder(context, report, |builder| {
        let metadata = |question: &Question| {
            sources::metadata(question, &context.cache, builder, Some(natives), report)
        };
        let helpers = Helpers {
            cache: &context.cache,
            metadata: &metadata,
            report,
        };
        resolve::resolve(&request, &helpers)
    });
    let resolution = resolution.map_err(|error| match natives.take_refused() {
        packages if packages.is_empty() => BakeError::Resolve(error),
        packages => BakeError::Unresolved {
            packages,
            error: Box::new(error),
        },
    })?;
    let summary = format!("{} packages", resolution.lock.packages.len());
    let is_cached = matches!(resolution.change, Change::Kept | Change::Foreign(_));
    Ok(Done::new(resolution, summary).cached(is_cached))
}

/// What changed in a lock, in sentences: a lock that changes is to be committed.
fn changes(manifest: &Manifest, resolution: &Resolution) -> Vec<String> {
    let path = resolve::lock_path(&manifest.path);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match &resolution.change {
        Change::Nothing | Change::Kept => Vec::new(),
        Change::Foreign(tool) => vec![format!("{name} was made by {tool}, and is used as it is")],
        Change::Written => vec![format!("wrote {name}: keep it beside the manifest")],
        Change::Updated { drift, packages } => {
            let drift = drift
                .iter()
                .map(|drift| format!("{name} has drifted: {drift}"));
            let packages = packages.iter().map(|package| format!("{name}: {package}"));
            let updated = format!("updated {name}");
            drift.chain(packages).chain([updated]).collect()
        }
    }
}
