//! The tables of the pages of evidence: each between two comments, with prose around them that people
//! write.

use crate::model::{CompatibilityRecord, JobRecord, NativeRecord, SuiteRecord};
use anyhow::{Context, Result, bail};
use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

/// Writes the table of packages.
pub(crate) fn packages(document: &Path, rows: &[&CompatibilityRecord]) -> Result<()> {
    let mut text = origin(
        rows.iter()
            .map(|row| (row.date.as_str(), row.python.as_deref())),
    );
    let bake = rows.iter().filter(|row| row.bakes).count();
    let import = rows.iter().filter(|row| row.reasons.is_empty()).count();
    let unexplained = rows
        .iter()
        .filter(|row| {
            row.reasons
                .iter()
                .any(|reason| reason.contains("unexplained"))
        })
        .count();
    writeln!(
        text,
        "Of {} packages, {bake} bake from their name alone and {import} can be imported then; {unexplained} \
         fail without an explanation.\n\n\
         | package | version | comes as | bakes | imports | why not |\n\
         | --- | --- | --- | --- | --- | --- |",
        rows.len()
    )?;
    for row in rows {
        let kind = match (row.version.is_some(), row.from_source) {
            (false, _) => "–",
            (true, true) => "source",
            (true, false) => "wheel",
        };
        let yes = |value: bool| if value { "yes" } else { "no" };
        writeln!(
            text,
            "| {} | {} | {kind} | {} | {} | {} |",
            row.name,
            cell(row.version.as_deref().unwrap_or("–")),
            yes(row.bakes),
            if row.bakes {
                yes(row.reasons.is_empty())
            } else {
                "–"
            },
            cell(&row.reasons.join("; ")),
        )?;
    }
    write(document, "packages", &text)
}

/// Writes the table of jobs.
pub(crate) fn jobs(document: &Path, rows: &[&JobRecord]) -> Result<()> {
    let mut text = origin(rows.iter().map(|row| (row.date.as_str(), None)));
    let work = rows.iter().filter(|row| row.reason.is_none()).count();
    writeln!(
        text,
        "Of {} packages, {work} do their job.\n\n\
         | package | version | job | works | why not |\n\
         | --- | --- | --- | --- | --- |",
        rows.len()
    )?;
    for row in rows {
        writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            row.name,
            cell(row.version.as_deref().unwrap_or("–")),
            cell(&row.does),
            if row.reason.is_none() { "yes" } else { "no" },
            cell(row.reason.as_deref().unwrap_or_default()),
        )?;
    }
    write(document, "jobs", &text)
}

/// Writes the table of suites.
pub(crate) fn suites(document: &Path, rows: &[&SuiteRecord]) -> Result<()> {
    let mut text = origin(
        rows.iter()
            .map(|row| (row.date.as_str(), row.python.as_deref())),
    );
    text.push_str(
        "| package | version | passed | failed | errors | skipped | expected failures | why |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for row in rows {
        let count = |kind: &str| {
            let count = row.counts.get(kind);
            count.map_or_else(|| "–".to_owned(), u64::to_string)
        };
        let reasons = row
            .reasons
            .iter()
            .map(|(reason, count)| format!("{count}: {reason}"));
        let why: Vec<String> = row.problem.clone().into_iter().chain(reasons).collect();
        writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            row.name,
            cell(row.version.as_deref().unwrap_or("–")),
            count("passed"),
            count("failed"),
            count("error"),
            count("skipped"),
            count("xfailed"),
            cell(&why.join("; ")),
        )?;
    }
    write(document, "suites", &text)
}

/// Writes the table of packages that were built with the SDK.
pub(crate) fn native(document: &Path, rows: &[&NativeRecord]) -> Result<()> {
    let mut text = origin(
        rows.iter()
            .map(|row| (row.date.as_str(), row.python.as_deref())),
    );
    text.push_str(
        "| package | version | native part | its size | passed | failed | errors | skipped | notes |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for row in rows {
        let count = |kind: &str| {
            let count = row.counts.get(kind);
            count.map_or_else(|| "–".to_owned(), u64::to_string)
        };
        let size = row
            .bytes
            .map(|bytes| format!("{} kB", bytes.div_ceil(1000)));
        let environment = row
            .environment
            .iter()
            .map(|one| format!("built with `{one}`"));
        let reasons = row
            .reasons
            .iter()
            .map(|(reason, count)| format!("{count}: {reason}"));
        let notes: Vec<String> = row
            .problem
            .clone()
            .into_iter()
            .chain(environment)
            .chain(row.note.clone())
            .chain(reasons)
            .collect();
        writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            row.name,
            cell(&row.version),
            row.language,
            size.as_deref().unwrap_or("–"),
            count("passed"),
            count("failed"),
            count("error"),
            count("skipped"),
            cell(&notes.join("; ")),
        )?;
    }
    write(document, "native", &text)
}

/// When and with what the rows came about.
fn origin<'a>(rows: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> String {
    let (mut dates, mut pythons) = (BTreeSet::new(), BTreeSet::new());
    for (date, python) in rows {
        dates.insert(date);
        pythons.extend(python);
    }
    let dates = match (dates.first(), dates.last()) {
        (Some(first), Some(last)) if first != last => format!("{first} to {last}"),
        (Some(day), _) => (*day).to_owned(),
        _ => "no day yet".to_owned(),
    };
    let pythons: Vec<&str> = pythons.into_iter().collect();
    let pythons = match pythons.as_slice() {
        [] => String::new(),
        pythons => format!(" and CPython {}", pythons.join(", ")),
    };
    let version = env!("CARGO_PKG_VERSION");
    format!("Made on {dates} with eryx {version}{pythons}.\n\n")
}

/// Text of others in a cell of a table.
pub(crate) fn cell(text: &str) -> String {
    let mut safe = String::new();
    for character in text.chars() {
        match character {
            '|' | '<' | '>' | '[' | ']' | '\\' | '*' => {
                safe.push('\\');
                safe.push(character);
            }
            _ if character.is_control() => safe.push(' '),
            _ => safe.push(character),
        }
    }
    safe
}

/// Puts a text between the comments that are there for it.
pub(crate) fn write(document: &Path, name: &str, text: &str) -> Result<()> {
    let old = fs::read_to_string(document)
        .with_context(|| format!("{} cannot be read", document.display()))?;
    let new = replaced(&old, name, text)
        .with_context(|| format!("{} cannot be written", document.display()))?;
    fs::write(document, new)?;
    Ok(())
}

fn replaced(old: &str, name: &str, text: &str) -> Result<String> {
    let (start, end) = (
        format!("<!-- {name} -->\n"),
        format!("<!-- end of {name} -->"),
    );
    let parts = old
        .split_once(&start)
        .and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let Some((before, after)) = parts else {
        bail!(
            "there are no comments `{}` and `{end}` in it",
            start.trim_end()
        );
    };
    Ok(format!(
        "{before}{start}\n{}\n\n{end}{after}",
        text.trim_end()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_comments_changes() {
        let old = "a\n<!-- x -->\nold\n<!-- end of x -->\nb\n";
        let new = replaced(old, "x", "new\n").unwrap();
        assert_eq!(new, "a\n<!-- x -->\n\nnew\n\n<!-- end of x -->\nb\n");
        assert_eq!(replaced(&new, "x", "new\n").unwrap(), new);
        assert!(replaced(old, "y", "new").is_err());
    }

    #[test]
    fn text_of_others_stays_in_its_cell() {
        assert_eq!(cell("a|b\n<i>`c`"), "a\\|b \\<i\\>`c`");
    }
}
