//! The stages that gather packages: resolve, fetch, unpack.

use std::path::PathBuf;

use eryx_base::size::human_bytes;
use eryx_runtime::Distribution;

use crate::{
    cache::Cache,
    fetch,
    installer::Question,
    manifest::{Manifest, PackagesSection},
    progress::{Level, Progress, RunningStage, Stage},
    requires::{self, Graph, RequiresError, Wanted},
    resolve::{self, Change, Helpers, LockedRuntime, Mode, Resolution, WheelName},
    unpack::{self, SiteTree},
};

use super::BakeError;
use super::sources::{self, Context};
use super::unused;

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
    progress: &dyn Progress,
) -> Result<LockSummary, BakeError> {
    let cache = Cache::open()?;
    let runtime = super::runtime(manifest)?;
    let resolution = resolve(manifest, &runtime, mode, &cache, progress)?;
    Ok(LockSummary {
        path: resolve::lock_path(&manifest.path),
        resolution,
    })
}

/// Gathers the packages of a manifest into a site tree, with what they require of each other.
pub(super) fn gather(
    manifest: &Manifest,
    runtime: &Distribution,
    mode: &Mode,
    cache: &Cache,
    progress: &dyn Progress,
) -> Result<(SiteTree, Graph), BakeError> {
    let packages = &manifest.packages;
    let resolution = resolve(manifest, runtime, mode, cache, progress)?;
    say_what_changed(manifest, &resolution.change, progress);

    let stage = RunningStage::start(progress, Stage::Fetch);
    let request = fetch::Request {
        lock: &resolution.lock,
        packages,
        python: runtime.python(),
        offline: mode.offline,
    };
    let fetched = fetch::fetch(&request, cache, &|line| stage.detail(line))?;
    stage.finish(format!("{} files", fetched.len()));

    let context = Context {
        packages,
        runtime,
        cache,
        mode,
    };
    let distributions = build(context, &fetched, &resolution.lock, progress)?;
    let stage = RunningStage::start(progress, Stage::Unpack);
    let mut site = unpack::unpack(&distributions, &packages.without_native)?;
    unpack::strip(&mut site, packages.strip);
    let graph = check(packages, &site, runtime)?;
    let bytes: u64 = site.packages.iter().map(|package| package.size).sum();
    stage.finish(format!(
        "{} files, {}",
        site.files.len(),
        human_bytes(bytes)
    ));
    for left_out in &site.left_out {
        let package = site
            .packages
            .get(left_out.package)
            .map_or("", |package| &package.name);
        let text = format!("{package}: left out the native library {}", left_out.path);
        progress.note(Level::Info, &text);
    }
    for text in unused::notes(packages, &site) {
        progress.note(Level::Info, &text);
    }
    for note in &site.notes {
        progress.note(Level::Info, &note.to_string());
    }
    for note in &graph.notes {
        progress.note(Level::Info, &note.to_string());
    }
    Ok((site, graph))
}

/// Whether the packages are what they require of each other.
fn check(
    packages: &PackagesSection,
    site: &SiteTree,
    runtime: &Distribution,
) -> Result<Graph, RequiresError> {
    let name = |path: &PathBuf| {
        let name = WheelName::parse(path.file_name()?.to_str()?).ok()?;
        Some(name.name)
    };
    let wanted = Wanted {
        requirements: &packages.requirements,
        overrides: &packages.overrides,
        local: packages.wheels.iter().filter_map(name).collect(),
        exclude: packages.exclude.clone(),
    };
    requires::check(&site.packages, &wanted, runtime.python())
}

/// The wheels of what was fetched: source distributions are built.
fn build(
    context: Context<'_>,
    fetched: &[fetch::Fetched<'_>],
    lock: &resolve::Lock,
    progress: &dyn Progress,
) -> Result<Vec<fetch::Distribution>, BakeError> {
    let is_source = |one: &&fetch::Fetched<'_>| !one.package.file.is_wheel();
    let sources = fetched.iter().filter(is_source).count();
    if sources == 0 {
        return Ok(fetched.iter().map(fetch::Fetched::distribution).collect());
    }
    let stage = RunningStage::start(progress, Stage::Build);
    let report = |line: &str| stage.detail(line);
    let distributions = sources::with_builder(context, &report, |builder| {
        let wheels = fetched.iter().map(|one| {
            sources::wheel(one, builder, &report).map_err(|source| {
                let required: Vec<&str> = lock.required_by(&one.package.name).collect();
                BakeError::Source {
                    package: one.package.name.clone(),
                    required: match required.is_empty() {
                        true => String::new(),
                        false => format!(", which {} requires,", required.join(" and ")),
                    },
                    source: Box::new(source),
                }
            })
        });
        wheels.collect::<Result<Vec<_>, _>>()
    })?;
    stage.finish(format!("{sources} wheels"));
    Ok(distributions)
}

fn resolve(
    manifest: &Manifest,
    runtime: &Distribution,
    mode: &Mode,
    cache: &Cache,
    progress: &dyn Progress,
) -> Result<Resolution, BakeError> {
    let stage = RunningStage::start(progress, Stage::Resolve);
    let lock = resolve::lock_path(&manifest.path);
    let request = resolve::Request {
        packages: &manifest.packages,
        lock: &lock,
        python: runtime.python(),
        runtime: &LockedRuntime {
            identity: runtime.identity().to_owned(),
            built_in: super::chosen_runtime(manifest).is_none(),
        },
        mode: mode.clone(),
    };
    let report = |line: &str| stage.detail(line);
    let context = Context {
        packages: &manifest.packages,
        runtime,
        cache,
        mode,
    };
    let resolution = sources::with_builder(context, &report, |builder| {
        let metadata = |question: &Question| sources::metadata(question, cache, builder, &report);
        let helpers = Helpers {
            cache,
            metadata: &metadata,
            report: &report,
        };
        resolve::resolve(&request, &helpers)
    })?;
    let note = format!("{} packages", resolution.lock.packages.len());
    match resolution.change {
        Change::Kept | Change::Foreign(_) => stage.finish_cached(note),
        _ => stage.finish(note),
    }
    Ok(resolution)
}

/// A lock that changes is worth a note: it is to be committed.
fn say_what_changed(manifest: &Manifest, change: &Change, progress: &dyn Progress) {
    let path = resolve::lock_path(&manifest.path);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let text = match change {
        Change::Nothing | Change::Kept => return,
        Change::Foreign(tool) => format!("{name} was made by {tool}, and is used as it is"),
        Change::Written => format!("wrote {name}: keep it beside the manifest"),
        Change::Updated { drift, packages } => {
            for drift in drift {
                progress.note(Level::Info, &format!("{name} has drifted: {drift}"));
            }
            for package in packages {
                progress.note(Level::Info, &format!("{name}: {package}"));
            }
            format!("updated {name}")
        }
    };
    progress.note(Level::Info, &text);
}
