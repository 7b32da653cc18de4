//! Whether packages bake from their name alone, and whether they can be imported then.

use super::{
    Evidence, document, names,
    project::{Project, Wanted},
    reason,
    records::{Record, Records, today},
};
use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};

/// How long the imports of one package may take.
const IMPORT_LIMIT: Duration = Duration::from_secs(120);

/// What is known of a package.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Tried {
    /// Its normalised name.
    pub name: String,
    /// Its version; none when resolving failed.
    pub version: Option<String>,
    /// Whether it was built from its source distribution.
    pub from_source: bool,
    /// Whether there was an image.
    pub bakes: bool,
    /// The modules that were imported.
    pub modules: Vec<String>,
    /// Why it does not bake or import, each reason once.
    pub reasons: Vec<String>,
    /// The whole message of a bake that failed.
    pub message: Option<String>,
    /// The version of Python in the image.
    pub python: Option<String>,
    /// The day in UTC.
    pub date: String,
}

impl Record for Tried {
    fn name(&self) -> &str {
        &self.name
    }
}

/// Tries what is not tried yet, and writes the table.
pub fn run(evidence: &Evidence) -> Result<()> {
    let default = evidence.binaries.workspace.join("benches/packages.txt");
    let list = evidence.options.list.as_ref().unwrap_or(&default);
    let mut all = names(list)?;
    for name in &evidence.options.names {
        if !super::project::is_normalised(name) {
            bail!("`{}` is no normalised package name", name.escape_debug());
        }
        if !all.contains(name) {
            all.push(name.clone());
        }
    }
    let records = Records::of(&evidence.folder);
    let known = records.read::<Tried>()?;
    let wanted: Vec<String> = all
        .iter()
        .filter(|name| evidence.wanted(name, known.contains_key(*name)))
        .cloned()
        .collect();
    evidence.each(&wanted, |name| {
        let started = Instant::now();
        let tried = attempt(evidence, name)?;
        let outcome = match tried.reasons.as_slice() {
            [] => "imports".to_owned(),
            reasons => reasons.join("; "),
        };
        println!(
            "{name:<28} {:>5} s   {outcome}",
            started.elapsed().as_secs()
        );
        records.add(&tried)
    })?;
    let mut known = records.read::<Tried>()?;
    // Told in the same words of all, whenever they were tried.
    for tried in known.values_mut() {
        if let Some(message) = &tried.message {
            tried.reasons = vec![reason::of_bake(&tried.name, message)];
        }
    }
    let rows: Vec<&Tried> = all.iter().filter_map(|name| known.get(name)).collect();
    document::packages(&evidence.document(), &rows)
}

/// Bakes one package and imports it.
fn attempt(evidence: &Evidence, name: &str) -> Result<Tried> {
    let project = Project::new(evidence, name)?;
    let baked = project.bake(&Wanted {
        requirements: vec![name.to_owned()],
        ..Wanted::default()
    })?;
    let locked = project.locked(name)?;
    let mut tried = Tried {
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
        tried.reasons.push(reason::of_bake(name, &message));
        tried.message = Some(message);
        return Ok(tried);
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
        tried.reasons.push(reason);
        return Ok(tried);
    };
    let modules = report["modules"].as_array().into_iter().flatten();
    tried.modules = modules
        .filter_map(|module| module.as_str().map(str::to_owned))
        .collect();
    tried.python = report["python"].as_str().map(str::to_owned);
    if tried.modules.is_empty() {
        tried.reasons.push("has no module to import".to_owned());
    }
    for failure in report["failures"].as_array().into_iter().flatten() {
        let reason = reason::of_import(&failure["chain"]);
        let reason = match (tried.modules.len(), failure["module"].as_str()) {
            (2.., Some(module)) => format!("`{module}` {reason}"),
            _ => reason,
        };
        if !tried.reasons.contains(&reason) {
            tried.reasons.push(reason);
        }
    }
    Ok(tried)
}
