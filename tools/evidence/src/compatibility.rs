//! Whether packages bake from their name alone, and whether they can be imported then.

use crate::{
    document,
    evidence::{Evidence, is_normalised, names, own_file, page},
    model::CompatibilityRecord,
    project::{Project, Wanted},
    reason,
    records::{Records, today},
};
use anyhow::{Result, bail};
use std::time::{Duration, Instant};

/// How long the imports of one package may take.
const IMPORT_LIMIT: Duration = Duration::from_secs(120);

/// Tries what is not record yet, and writes the table.
pub(crate) fn run(evidence: &Evidence) -> Result<()> {
    let default = own_file("packages.txt");
    let list = evidence.options.list.as_ref().unwrap_or(&default);
    let mut all = names(list)?;
    for name in &evidence.options.names {
        if !is_normalised(name) {
            bail!("`{}` is no normalised package name", name.escape_debug());
        }
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
    let records = Records::of(&evidence.directory);
    let known = records.read::<CompatibilityRecord>()?;
    let wanted: Vec<String> = all
        .iter()
        .filter(|name| evidence.is_wanted(name, known.contains_key(*name)))
        .cloned()
        .collect();
    evidence.each(&wanted, |name| {
        let started = Instant::now();
        let record = attempt(evidence, name)?;
        let outcome = match record.reasons.as_slice() {
            [] => "imports".to_owned(),
            reasons => reasons.join("; "),
        };
        println!(
            "{name:<28} {:>5} s   {outcome}",
            started.elapsed().as_secs()
        );
        records.add(&record)
    })?;
    let mut known = records.read::<CompatibilityRecord>()?;
    // Told in the same words of all, whenever they were record.
    for record in known.values_mut() {
        if let Some(message) = &record.message {
            record.reasons = vec![reason::of_bake(&record.name, message)];
        }
    }
    let rows: Vec<&CompatibilityRecord> = all.iter().filter_map(|name| known.get(name)).collect();
    document::packages(&page("compatibility.md"), &rows)
}

/// Bakes one package and imports it.
fn attempt(evidence: &Evidence, name: &str) -> Result<CompatibilityRecord> {
    let project = Project::new(evidence, name)?;
    let baked = project.bake(&Wanted {
        requirements: vec![name.to_owned()],
        ..Wanted::default()
    })?;
    let locked = project.locked(name)?;
    let mut record = CompatibilityRecord {
        name: name.to_owned(),
        from_source: locked.as_ref().is_some_and(|one| one.source.is_some()),
        version: locked.map(|one| one.version),
        bakes: baked.is_ok(),
        modules: Vec::new(),
        reasons: Vec::new(),
        message: None,
        python: None,
        date: today(),
    };
    if let Err(message) = baked {
        record.reasons.push(reason::of_bake(name, &message));
        record.message = Some(message);
        return Ok(record);
    }
    let arguments = [name, "/report/imports.json"];
    let ended = project.run("import_package.py", None, &arguments, IMPORT_LIMIT)?;
    project.forget_image()?;
    let Some(report) = project.report("imports.json")? else {
        let last = ended.errors.lines().last().unwrap_or_default();
        let reason = match ended.late {
            true => format!("unexplained: no end within {} s", IMPORT_LIMIT.as_secs()),
            false => format!("unexplained: {last}"),
        };
        record.reasons.push(reason);
        return Ok(record);
    };
    let modules = report["modules"].as_array().into_iter().flatten();
    record.modules = modules
        .filter_map(|module| module.as_str().map(str::to_owned))
        .collect();
    record.python = report["python"].as_str().map(str::to_owned);
    if record.modules.is_empty() {
        record.reasons.push("has no module to import".to_owned());
    }
    for failure in report["failures"].as_array().into_iter().flatten() {
        let reason = reason::of_import(&failure["chain"]);
        let reason = match (record.modules.len(), failure["module"].as_str()) {
            (2.., Some(module)) => format!("`{module}` {reason}"),
            _ => reason,
        };
        if !record.reasons.contains(&reason) {
            record.reasons.push(reason);
        }
    }
    Ok(record)
}
