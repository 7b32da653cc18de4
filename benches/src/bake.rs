//! Baking: the whole example, with and without the bytecode of the standard library in the cache.

use crate::{
    measure::{Cost, Times, process},
    report,
    setup::Setup,
    start::megabytes,
};
use anyhow::{Context, Result};
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::Path, time::Duration};

const ROUNDS: usize = 3;

/// Measures whole bakes. Wheels are in the cache: what a network takes says nothing about eryx.
pub(crate) fn run(setup: &Setup) -> Result<()> {
    let cache = tempfile::tempdir()?;
    let image = setup.folder.join("baked.cwasm");
    let bake = || -> Result<Cost> {
        let mut command = setup.build(&setup.example_manifest(), &image, "--json");
        process(command.env("ERYX_CACHE_DIR", cache.path()))
    };
    bake()?;
    report::heading(
        "bake",
        "the whole example, medians; wheels are in the cache",
    );
    let (mut cold, mut warm) = (Bakes::default(), Bakes::default());
    for _ in 0..ROUNDS {
        forget_bytecode(cache.path())?;
        cold.push(&bake()?)?;
        warm.push(&bake()?)?;
    }
    cold.print(
        "no bytecode in the cache",
        "   target under 20 s and 500 MB",
    );
    warm.print("bytecode of the standard library in the cache", "");
    Ok(())
}

/// Removes all but the wheels from a cache.
fn forget_bytecode(cache: &Path) -> Result<()> {
    let folder = cache.join("v1/bytecode");
    fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be removed", folder.display()))
}

/// Several bakes of the same image.
#[derive(Default)]
struct Bakes {
    whole: Times,
    peak: u64,
    /// In the order in which they were finished first.
    order: Vec<String>,
    stages: BTreeMap<String, Times>,
}

impl Bakes {
    fn push(&mut self, cost: &Cost) -> Result<()> {
        self.whole.push(cost.wall);
        self.peak = self.peak.max(cost.peak);
        for line in cost.output.lines() {
            let event: Value = serde_json::from_str(line)?;
            let (Some("stage-finished"), Some(stage), Some(seconds)) = (
                event["event"].as_str(),
                event["stage"].as_str(),
                event["seconds"].as_f64(),
            ) else {
                continue;
            };
            if !self.stages.contains_key(stage) {
                self.order.push(stage.to_owned());
            }
            let times = self.stages.entry(stage.to_owned()).or_default();
            times.push(Duration::try_from_secs_f64(seconds)?);
        }
        Ok(())
    }

    fn print(&self, name: &str, target: &str) {
        report::line(name, "");
        let whole = report::time(self.whole.median());
        let peak = megabytes(self.peak);
        report::line(
            "  whole",
            &format!("{whole:>10}   {peak:.0} MB at most{target}"),
        );
        for stage in &self.order {
            if let Some(times) = self.stages.get(stage) {
                report::line(
                    &format!("  {stage}"),
                    &format!("{:>10}", report::time(times.median())),
                );
            }
        }
    }
}
