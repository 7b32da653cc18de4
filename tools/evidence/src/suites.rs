//! Whether the tests of real packages pass in the sandbox.

use super::{
    Evidence, document,
    project::{Project, Wanted},
    reason,
    records::{Record, Records, today},
};
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// How long one suite may take.
pub(super) const SUITE_LIMIT: Duration = Duration::from_secs(1800);

/// Where a suite finds its source distribution.
pub(super) const ARCHIVE: &str = "/archive/sources.tar.gz";

#[derive(Deserialize)]
struct List {
    suite: Vec<Suite>,
}

/// A suite, as `suites.toml` describes it.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Suite {
    name: String,
    #[serde(default)]
    requirements: Vec<String>,
    #[serde(default)]
    without_native: Vec<String>,
    #[serde(default)]
    folder: Option<String>,
    arguments: Vec<String>,
    #[serde(default)]
    reasons: BTreeMap<String, String>,
}

/// What is known of a suite.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tested {
    /// The package.
    pub name: String,
    /// Its version; none when resolving failed.
    pub version: Option<String>,
    /// How many tests ended how.
    pub counts: BTreeMap<String, u64>,
    /// Why tests failed, and how many.
    pub reasons: BTreeMap<String, u64>,
    /// Why there are no counts, or none of all tests.
    pub problem: Option<String>,
    /// The version of Python in the image.
    pub python: Option<String>,
    /// The day in UTC.
    pub date: String,
}

impl Record for Tested {
    fn name(&self) -> &str {
        &self.name
    }
}

/// Runs the suites that were not run yet, and writes the table.
pub fn run(evidence: &Evidence) -> Result<()> {
    let path = evidence.binaries.workspace.join("benches/suites.toml");
    let text = fs::read_to_string(&path)?;
    let list: List = toml::from_str(&text).with_context(|| path.display().to_string())?;
    for name in &evidence.options.names {
        if !list.suite.iter().any(|suite| suite.name == *name) {
            bail!(
                "there is no suite `{}` in {}",
                name.escape_debug(),
                path.display()
            );
        }
    }
    let records = Records::of(&evidence.folder);
    let known = records.read::<Tested>()?;
    let wanted: Vec<&Suite> = list
        .suite
        .iter()
        .filter(|suite| evidence.wanted(&suite.name, known.contains_key(&suite.name)))
        .collect();
    evidence.each(&wanted, |suite| {
        let started = Instant::now();
        let tested = attempt(evidence, suite)?;
        let counts: Vec<String> = tested
            .counts
            .iter()
            .map(|(kind, count)| format!("{count} {kind}"))
            .collect();
        println!(
            "{:<20} {:>5} s   {}{}",
            suite.name,
            started.elapsed().as_secs(),
            counts.join(", "),
            tested.problem.as_deref().unwrap_or_default()
        );
        for (reason, count) in &tested.reasons {
            println!("  {count:>4}  {reason}");
        }
        records.add(&tested)
    })?;
    let known = records.read::<Tested>()?;
    let rows: Vec<&Tested> = list
        .suite
        .iter()
        .filter_map(|suite| known.get(&suite.name))
        .collect();
    document::suites(&evidence.document(), &rows)
}

/// Runs one suite.
fn attempt(evidence: &Evidence, suite: &Suite) -> Result<Tested> {
    let project = Project::new(evidence, &suite.name)?;
    let mut requirements = vec![suite.name.clone()];
    for needed in ["pytest"]
        .into_iter()
        .map(str::to_owned)
        .chain(suite.requirements.clone())
    {
        if !requirements.contains(&needed) {
            requirements.push(needed);
        }
    }
    let baked = project.bake(&Wanted {
        requirements,
        without_native: suite.without_native.clone(),
        from_source: Some(suite.name.clone()),
        ..Wanted::default()
    })?;
    let locked = project.locked(&suite.name)?;
    let mut tested = Tested {
        name: suite.name.clone(),
        version: locked.as_ref().map(|one| one.version.clone()),
        counts: BTreeMap::new(),
        reasons: BTreeMap::new(),
        problem: None,
        python: None,
        date: today(),
    };
    if let Err(message) = baked {
        tested.problem = Some(reason::of_bake(&suite.name, &message));
        return Ok(tested);
    }
    let hash = locked
        .and_then(|one| one.source)
        .with_context(|| format!("{} was not locked to its source distribution", suite.name))?;
    let archive = downloaded(&hash)?;
    let folder = suite.folder.as_deref().unwrap_or(".");
    let mut arguments = vec![ARCHIVE, "/report/suite.json", folder];
    arguments.extend(suite.arguments.iter().map(String::as_str));
    let mount = Some((archive.as_path(), ARCHIVE));
    let ended = project.run("run_suite.py", mount, &arguments, SUITE_LIMIT)?;
    project.forget_image()?;
    let Some(report) = project.report("suite.json")? else {
        let last = ended.errors.lines().last().unwrap_or_default();
        tested.problem = Some(match ended.late {
            true => format!("no end within {} s", SUITE_LIMIT.as_secs()),
            false => format!("unexplained: {last}"),
        });
        return Ok(tested);
    };
    tested.python = report["python"].as_str().map(str::to_owned);
    tested.counts = counts(&report);
    // 0 is success, 1 that tests failed; all else is that not all of them ran.
    if !matches!(report["status"].as_u64(), Some(0 | 1)) {
        tested.problem = Some(format!("pytest ended with the status {}", report["status"]));
    }
    tested.reasons = failures(&report, &suite.reasons);
    Ok(tested)
}

/// How many tests ended how, by a report of `run_suite.py`.
pub(super) fn counts(report: &Value) -> BTreeMap<String, u64> {
    let counts = report["counts"].as_object().into_iter().flatten();
    counts
        .map(|(kind, count)| (kind.clone(), count.as_u64().unwrap_or(0)))
        .collect()
}

/// Why tests failed, and how many, by a report of `run_suite.py` and what was looked into.
pub(super) fn failures(report: &Value, known: &BTreeMap<String, String>) -> BTreeMap<String, u64> {
    let mut reasons = BTreeMap::new();
    for failure in report["failures"].as_array().into_iter().flatten() {
        let text = |key: &str| failure[key].as_str().unwrap_or_default();
        let looked_into = known
            .iter()
            .find(|(test, _)| text("test").starts_with(test.as_str()));
        let reason = looked_into.map_or_else(
            || reason::of_test(text("message")),
            |(_, reason)| reason.clone(),
        );
        *reasons.entry(reason).or_default() += 1;
    }
    reasons
}

/// The file of a hash in the toolchain's cache.
fn downloaded(hash: &str) -> Result<PathBuf> {
    let folder = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    let cache = folder("ERYX_CACHE_DIR")
        .map(PathBuf::from)
        .or_else(|| Some(Path::new(&folder("XDG_CACHE_HOME")?).join("eryx")))
        .or_else(|| Some(Path::new(&folder("HOME")?).join(".cache/eryx")))
        .context("there is no cache folder: set ERYX_CACHE_DIR")?;
    let start = hash.get(..2).context("the lock has no valid hash")?;
    let file = cache.join("v1/distributions").join(start).join(hash);
    if !file.is_file() {
        bail!(
            "the source distribution is not in the cache at {}",
            file.display()
        );
    }
    Ok(file)
}
