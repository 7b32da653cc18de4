//! Whether real packages with native code can be built with the SDK, imported, and pass their own tests in
//! the sandbox.

mod build;
mod list;

use crate::{
    document,
    evidence::{Evidence, own_file, page},
    model::NativeRecord,
    project::{Project, Wanted},
    reason,
    records::{Records, today},
    suite_report::{ARCHIVE, SUITE_LIMIT, counts, failures},
};
use anyhow::{Context, Result, bail};
use build::{Builder, Built};
use list::{List, Package};
use std::{collections::BTreeMap, fs, time::Instant};

/// Builds and tests the packages that were not tried yet, and writes the table.
pub(crate) fn run(evidence: &Evidence) -> Result<()> {
    let path = own_file("native.toml");
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
    let records = Records::of(&evidence.directory);
    let known = records.read::<NativeRecord>()?;
    let wanted: Vec<&Package> = list
        .package
        .iter()
        .filter(|one| evidence.is_wanted(&one.source.name, known.contains_key(&one.source.name)))
        .collect();
    if !wanted.is_empty() {
        let builder = Builder::new(evidence, &list.tools)?;
        evidence.each(&wanted, |package| {
            let record = attempt(evidence, &builder, package)?;
            let counts: Vec<String> = record
                .counts
                .iter()
                .map(|(kind, count)| format!("{count} {kind}"))
                .collect();
            println!(
                "{:<20} {:>5} s   {}{}",
                record.name,
                record.seconds,
                counts.join(", "),
                record.problem.as_deref().unwrap_or_default()
            );
            for (reason, count) in &record.reasons {
                println!("  {count:>4}  {reason}");
            }
            records.add(&record)
        })?;
    }
    let known = records.read::<NativeRecord>()?;
    let rows: Vec<&NativeRecord> = list
        .package
        .iter()
        .filter_map(|one| known.get(&one.source.name))
        .collect();
    document::native(&page("native-packages.md"), &rows)
}

/// Builds, bakes and tests one package.
fn attempt(evidence: &Evidence, builder: &Builder, package: &Package) -> Result<NativeRecord> {
    let project = Project::new(evidence, &package.source.name)?;
    let started = Instant::now();
    let built = builder.build(package, &project.directory)?;
    let mut record = NativeRecord {
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
            record.problem = Some(reason::unexplained(&message));
            return Ok(record);
        }
    };
    record.bytes = Some(bytes);
    let mut requirements = vec!["pytest".to_owned()];
    requirements.extend(package.requirements.clone());
    let baked = project.bake(&Wanted {
        requirements,
        wheels: vec!["dist/*.whl".to_owned()],
        imports: vec![package.module.clone()],
        ..Wanted::default()
    })?;
    if let Err(message) = baked {
        record.problem = Some(reason::of_bake(&package.source.name, &message));
        return Ok(record);
    }
    let directory = package.directory.as_deref().unwrap_or(".");
    let mut arguments = vec![ARCHIVE, "/report/suite.json", directory];
    arguments.extend(package.arguments.iter().map(String::as_str));
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
    if !matches!(report["status"].as_u64(), Some(0 | 1)) {
        record.problem = Some(format!("pytest ended with the status {}", report["status"]));
    }
    record.reasons = failures(&report, &package.reasons);
    Ok(record)
}
