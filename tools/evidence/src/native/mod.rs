//! Whether real packages with native code can be built with the SDK, imported, and pass their own tests in
//! the sandbox.

mod build;

use super::{
    Evidence, document,
    project::{Project, Wanted},
    reason,
    records::{Record, Records, today},
    suites::{ARCHIVE, SUITE_LIMIT, counts, failures},
};
use anyhow::{Context, Result, bail};
use build::{Builder, Built};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fs, time::Instant};

/// `native.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    tools: Vec<String>,
    package: Vec<Package>,
}

/// A package, as `native.toml` describes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Package {
    #[serde(flatten)]
    source: Source,
    language: String,
    module: String,
    #[serde(default)]
    environment: BTreeMap<String, String>,
    library: Option<Library>,
    #[serde(default)]
    requirements: Vec<String>,
    folder: Option<String>,
    arguments: Vec<String>,
    note: Option<String>,
    #[serde(default)]
    reasons: BTreeMap<String, String>,
}

/// A source distribution.
#[derive(Deserialize)]
struct Source {
    name: String,
    version: String,
    sha256: String,
}

/// A C library that a package is linked with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Library {
    name: String,
    source: String,
    version: String,
    sha256: String,
    files: Vec<String>,
    headers: Vec<String>,
    flags: Vec<String>,
}

/// What is known of a package.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Proven {
    /// The package.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What its native part is written in.
    pub language: String,
    /// The variables that its build needs.
    pub environment: Vec<String>,
    /// What else there is to say.
    pub note: Option<String>,
    /// How long its build took, in seconds.
    pub seconds: u64,
    /// The size of its native libraries in bytes, when it was built.
    pub bytes: Option<u64>,
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

impl Record for Proven {
    fn name(&self) -> &str {
        &self.name
    }
}

/// Builds and tests the packages that were not tried yet, and writes the table.
pub fn run(evidence: &Evidence) -> Result<()> {
    let path = evidence.binaries.workspace.join("benches/native.toml");
    let text = fs::read_to_string(&path)?;
    let list: List = toml::from_str(&text).with_context(|| path.display().to_string())?;
    for name in &evidence.options.names {
        if !list.package.iter().any(|one| one.source.name == *name) {
            bail!(
                "there is no package `{}` in {}",
                name.escape_debug(),
                path.display()
            );
        }
    }
    let records = Records::of(&evidence.folder);
    let known = records.read::<Proven>()?;
    let wanted: Vec<&Package> = list
        .package
        .iter()
        .filter(|one| evidence.wanted(&one.source.name, known.contains_key(&one.source.name)))
        .collect();
    if !wanted.is_empty() {
        let builder = Builder::new(evidence, &list.tools)?;
        evidence.each(&wanted, |package| {
            let proven = attempt(evidence, &builder, package)?;
            let counts: Vec<String> = proven
                .counts
                .iter()
                .map(|(kind, count)| format!("{count} {kind}"))
                .collect();
            println!(
                "{:<20} {:>5} s   {}{}",
                proven.name,
                proven.seconds,
                counts.join(", "),
                proven.problem.as_deref().unwrap_or_default()
            );
            for (reason, count) in &proven.reasons {
                println!("  {count:>4}  {reason}");
            }
            records.add(&proven)
        })?;
    }
    let known = records.read::<Proven>()?;
    let rows: Vec<&Proven> = list
        .package
        .iter()
        .filter_map(|one| known.get(&one.source.name))
        .collect();
    let document = evidence
        .binaries
        .workspace
        .join("docs/src/evidence/native-packages.md");
    document::native(&document, &rows)
}

/// Builds, bakes and tests one package.
fn attempt(evidence: &Evidence, builder: &Builder<'_>, package: &Package) -> Result<Proven> {
    let project = Project::new(evidence, &package.source.name)?;
    let started = Instant::now();
    let built = builder.build(package, &project.folder)?;
    let mut proven = Proven {
        name: package.source.name.clone(),
        version: package.source.version.clone(),
        language: package.language.clone(),
        environment: package
            .environment
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect(),
        note: package.note.clone(),
        seconds: started.elapsed().as_secs(),
        bytes: None,
        counts: BTreeMap::new(),
        reasons: BTreeMap::new(),
        problem: None,
        python: None,
        date: today(),
    };
    let (archive, bytes) = match built {
        Ok(Built { archive, bytes }) => (archive, bytes),
        Err(message) => {
            proven.problem = Some(reason::unexplained(&message));
            return Ok(proven);
        }
    };
    proven.bytes = Some(bytes);
    let mut requirements = vec!["pytest".to_owned()];
    requirements.extend(package.requirements.clone());
    let baked = project.bake(&Wanted {
        requirements,
        wheels: vec!["dist/*.whl".to_owned()],
        imports: vec![package.module.clone()],
        ..Wanted::default()
    })?;
    if let Err(message) = baked {
        proven.problem = Some(reason::of_bake(&package.source.name, &message));
        return Ok(proven);
    }
    let folder = package.folder.as_deref().unwrap_or(".");
    let mut arguments = vec![ARCHIVE, "/report/suite.json", folder];
    arguments.extend(package.arguments.iter().map(String::as_str));
    let mount = Some((archive.as_path(), ARCHIVE));
    let ended = project.run("run_suite.py", mount, &arguments, SUITE_LIMIT)?;
    project.forget_image()?;
    let Some(report) = project.report("suite.json")? else {
        let last = ended.errors.lines().last().unwrap_or_default();
        proven.problem = Some(match ended.late {
            true => format!("no end within {} s", SUITE_LIMIT.as_secs()),
            false => format!("unexplained: {last}"),
        });
        return Ok(proven);
    };
    proven.python = report["python"].as_str().map(str::to_owned);
    proven.counts = counts(&report);
    if !matches!(report["status"].as_u64(), Some(0 | 1)) {
        proven.problem = Some(format!("pytest ended with the status {}", report["status"]));
    }
    proven.reasons = failures(&report, &package.reasons);
    Ok(proven)
}
