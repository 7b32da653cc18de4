//! What is written of all modules: figures, a table, and the tests that fail by their reasons.

use super::{
    module::{Kind, Module, State},
    reasons::{Cause, Reasons, Told},
};
use crate::document::cell;
use anyhow::Result;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

const STATES: [State; 5] = [
    State::Passed,
    State::Skipped,
    State::Failed,
    State::Late,
    State::Crashed,
];

/// The most characters of a message that are shown.
const LONGEST: usize = 160;

/// How many modules and tests ended how, in a few lines.
pub(super) fn figures(rows: &[&Module], reasons: &Reasons) -> String {
    let share = |count: usize| 100.0 * count as f64 / rows.len().max(1) as f64;
    let mut text = format!("Of {} modules", rows.len());
    for state in STATES {
        let count = rows.iter().filter(|row| row.state == state).count();
        let _ = write!(text, ", {count} {state} ({:.1} %)", share(count));
    }
    let is_fine = |row: &Module| matches!(row.state, State::Passed | State::Skipped);
    let fine = rows.iter().filter(|row| is_fine(row)).count();
    // What CPython 3.14.0 would not pass on such a platform either.
    let is_foreign = |row: &Module| {
        let causes = row
            .failures
            .iter()
            .map(|one| reasons.of(&row.name, one).cause);
        let foreign = [Cause::Platform, Cause::Newer, Cause::Absent];
        !row.failures.is_empty() && causes.into_iter().all(|cause| foreign.contains(&cause))
    };
    let foreign = (rows.iter()).filter(|row| !is_fine(row) && is_foreign(row));
    let foreign = fine + foreign.count();
    let _ = writeln!(
        text,
        ". Passed or skipped: {:.1} %; with those in which only tests fail that are newer than the \
         interpreter, or for which the platform or the sandbox lacks something: {:.1} %.\n",
        share(fine),
        share(foreign)
    );
    let mut counts: BTreeMap<Kind, u64> = BTreeMap::new();
    let mut causes: BTreeMap<Cause, u64> = BTreeMap::new();
    for row in rows {
        for (kind, count) in &row.counts {
            *counts.entry(*kind).or_default() += count;
        }
        for failure in &row.failures {
            *causes
                .entry(reasons.of(&row.name, failure).cause)
                .or_default() += 1;
        }
    }
    let list = |counts: Vec<String>| counts.join(", ");
    let kinds = counts.iter().map(|(kind, count)| format!("{count} {kind}"));
    let _ = writeln!(text, "Tests: {}.\n", list(kinds.collect()));
    let causes = causes
        .iter()
        .map(|(cause, count)| format!("{count} {cause}"));
    let _ = write!(text, "Why tests did not pass: {}.", list(causes.collect()));
    text
}

/// The generated part of the document.
pub(super) fn text(rows: &[&Module], reasons: &Reasons) -> Result<String> {
    let mut text = format!("{}{}\n\n", origin(rows), figures(rows, reasons));
    text.push_str(
        "### Modules\n\n\
         | module | | passed | failed | errors | skipped | timed out | crashed | why |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for row in rows {
        let count = |kind| row.counts.get(&kind).copied().unwrap_or(0);
        let why: BTreeSet<String> = row
            .failures
            .iter()
            .map(|failure| reasons.of(&row.name, failure).to_string())
            .chain(row.skipped.iter().map(|reason| shortened(reason)))
            .collect();
        let why: Vec<String> = why.into_iter().collect();
        writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            cell(&row.name),
            row.state,
            count(Kind::Passed),
            count(Kind::Failed),
            count(Kind::Error),
            count(Kind::Skipped),
            count(Kind::Late),
            count(Kind::Crashed),
            cell(&why.join("; ")),
        )?;
    }
    text.push_str("\n### Tests that do not pass\n");
    let mut by_reason: BTreeMap<Told<'_>, Vec<String>> = BTreeMap::new();
    for row in rows {
        for failure in &row.failures {
            let told = reasons.of(&row.name, failure);
            let module = row.name.strip_prefix("test.").unwrap_or(&row.name);
            let test = failure.test.as_deref().unwrap_or(module);
            let mut line = format!(
                "`{}`",
                test.strip_prefix("test.").unwrap_or(test).replace('`', "'")
            );
            if told.cause == Cause::Unexplained {
                let _ = write!(line, " ({})", cell(&shortened(&failure.message)));
            }
            by_reason.entry(told).or_default().push(line);
        }
    }
    for (told, tests) in by_reason {
        let mut title = told.to_string();
        if let Some(first) = title.get(..1).map(str::to_uppercase) {
            title.replace_range(..1, &first);
        }
        write!(text, "\n**{}** ({})\n\n", cell(&title), tests.len())?;
        for test in tests {
            writeln!(text, "- {test}")?;
        }
    }
    Ok(text)
}

/// When and with what the rows came about.
fn origin(rows: &[&Module]) -> String {
    let all = |value: fn(&Module) -> Option<&str>| {
        let values: BTreeSet<&str> = rows.iter().filter_map(|row| value(row)).collect();
        values.into_iter().collect::<Vec<&str>>()
    };
    format!(
        "Run on {} with eryx {} and CPython {}; the tests are {}.\n\n",
        all(|row| Some(&row.date)).join(", "),
        env!("CARGO_PKG_VERSION"),
        all(|row| row.python.as_deref()).join(", "),
        all(|row| Some(&row.suite)).join(", "),
    )
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let start: String = text.chars().take(LONGEST).collect();
    format!("{start}…")
}
