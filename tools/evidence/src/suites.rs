//! Whether the tests of real packages pass in the sandbox.

use crate::{
    document,
    evidence::{Evidence, own_file, page},
    model::SuiteRecord,
    project::{Project, Wanted},
    reason,
    records::{Records, today},
    suite_report::{ARCHIVE, SUITE_LIMIT, counts, failures},
};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    time::Instant,
};

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
    directory: Option<String>,
    arguments: Vec<String>,
    #[serde(default)]
    reasons: BTreeMap<String, String>,
}

/// Runs the suites that were not run yet, and writes the table.
pub(crate) fn run(evidence: &Evidence) -> Result<()> {
    let path = own_file("suites.toml");
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
    let records = Records::of(&evidence.directory);
    let known = records.read::<SuiteRecord>()?;
    let wanted: Vec<&Suite> = list
        .suite
        .iter()
        .filter(|suite| evidence.is_wanted(&suite.name, known.contains_key(&suite.name)))
        .collect();
    evidence.each(&wanted, |suite| {
        let started = Instant::now();
        let record = attempt(evidence, suite)?;
        let counts: Vec<String> = record
            .counts
            .iter()
            .map(|(kind, count)| format!("{count} {kind}"))
            .collect();
        println!(
            "{:<20} {:>5} s   {}{}",
            suite.name,
            started.elapsed().as_secs(),
            counts.join(", "),
            record.problem.as_deref().unwrap_or_default()
        );
        for (reason, count) in &record.reasons {
            println!("  {count:>4}  {reason}");
        }
        records.add(&record)
    })?;
    let known = records.read::<SuiteRecord>()?;
    let rows: Vec<&SuiteRecord> = list
        .suite
        .iter()
        .filter_map(|suite| known.get(&suite.name))
        .collect();
    document::suites(&page("compatibility.md"), &rows)
}

/// Runs one suite.
fn attempt(evidence: &Evidence, suite: &Suite) -> Result<SuiteRecord> {
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
    let mut record = SuiteRecord {
        name: suite.name.clone(),
        version: locked.as_ref().map(|one| one.version.clone()),
        counts: BTreeMap::new(),
        reasons: BTreeMap::new(),
        problem: None,
        python: None,
        date: today(),
    };
    if let Err(message) = baked {
        record.problem = Some(reason::of_bake(&suite.name, &message));
        return Ok(record);
    }
    let hash = locked
        .and_then(|one| one.source)
        .with_context(|| format!("{} was not locked to its source distribution", suite.name))?;
    let archive = downloaded(&hash)?;
    let directory = suite.directory.as_deref().unwrap_or(".");
    let mut arguments = vec![ARCHIVE, "/report/suite.json", directory];
    arguments.extend(suite.arguments.iter().map(String::as_str));
    let mount = Some((archive.as_path(), ARCHIVE));
    let ended = project.run("run_suite.py", mount, &arguments, SUITE_LIMIT)?;
    project.forget_image()?;
    let Some(report) = project.report("suite.json")? else {
        let last = ended.errors.lines().last().unwrap_or_default();
        record.problem = Some(match ended.late {
            true => format!("no end within {} s", SUITE_LIMIT.as_secs()),
            false => format!("unexplained: {last}"),
        });
        return Ok(record);
    };
    record.python = report["python"].as_str().map(str::to_owned);
    record.counts = counts(&report);
    // 0 is success, 1 that tests failed; all else is that not all of them ran.
    if !matches!(report["status"].as_u64(), Some(0 | 1)) {
        record.problem = Some(format!("pytest ended with the status {}", report["status"]));
    }
    record.reasons = failures(&report, &suite.reasons);
    Ok(record)
}

/// The file of a hash in the toolchain's cache.
fn downloaded(hash: &str) -> Result<PathBuf> {
    let directory = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    let cache = directory("ERYX_CACHE_DIR")
        .map(PathBuf::from)
        .or_else(|| Some(Path::new(&directory("XDG_CACHE_HOME")?).join("eryx")))
        .or_else(|| Some(Path::new(&directory("HOME")?).join(".cache/eryx")))
        .context("there is no cache directory: set ERYX_CACHE_DIR")?;
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
