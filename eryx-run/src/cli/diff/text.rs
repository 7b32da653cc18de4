//! A difference in words.

use std::io::{self, Write};

use super::compare::{Comparison, ListChange, PackageSide};
use super::files::{FileChange, FileList, GroupChange};
use crate::cli::contents::described;
use crate::cli::text::{cell, growth, shown, widest};
use eryx_base::size::human_bytes;

/// The longest text of a field that is shown, in characters.
const MAX_FIELD: usize = 30;

/// Tells what differs between two images that are not the same.
pub(super) fn write(
    comparison: &Comparison,
    files: Option<&FileList<'_>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "--- {}", shown(&comparison.old.path))?;
    writeln!(out, "+++ {}\n", shown(&comparison.new.path))?;
    for field in &comparison.fields {
        let side = |text: &Option<String>| {
            let text = text.as_deref().filter(|text| !text.is_empty());
            cell(text.unwrap_or("(none)"), MAX_FIELD)
        };
        let (old, new) = (side(&field.old), side(&field.new));
        writeln!(out, "{:<12} {old} → {new}", field.name)?;
    }
    // What machine code and heap differ in is not told any closer.
    writeln!(out, "{:<12} {}", "differs in", comparison.parts.join(", "))?;
    packages(comparison, out)?;
    list("imports", &comparison.imports, out)?;
    list("native libraries", &comparison.native_libraries, out)?;
    sizes(comparison, out)?;
    groups(&comparison.file_groups, out)?;
    match files {
        Some(files) if !comparison.file_groups.is_empty() => file_list(files, out),
        _ => Ok(()),
    }
}

/// `1 added, 2 removed`, without what there is none of.
fn counts(added: usize, removed: usize, changed: usize) -> String {
    let counts = [(added, "added"), (removed, "removed"), (changed, "changed")];
    let told: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    told.join(", ")
}

fn packages(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let packages = &comparison.packages;
    let counted = counts(
        packages.added.len(),
        packages.removed.len(),
        packages.changed.len(),
    );
    if counted.is_empty() {
        return Ok(());
    }
    writeln!(out, "\npackages: {counted}")?;
    let plain = |sign: char, side: &PackageSide| {
        let text = format!("{sign} {} {}", side.name, side.version);
        (shown(&text), human_bytes(side.bytes))
    };
    let mut rows: Vec<(String, String)> = Vec::new();
    rows.extend(packages.added.iter().map(|side| plain('+', side)));
    rows.extend(packages.removed.iter().map(|side| plain('-', side)));
    rows.extend(packages.changed.iter().map(|change| {
        let (old, new) = (&change.old, &change.new);
        let versions = if old.version == new.version {
            format!("{} (another file)", new.version)
        } else {
            format!("{} → {}", old.version, new.version)
        };
        let text = shown(&format!("~ {} {versions}", change.name));
        (text, growth(old.bytes, new.bytes))
    }));
    table(&rows, out)
}

fn list(name: &str, change: &ListChange, out: &mut dyn Write) -> io::Result<()> {
    let counted = counts(change.added.len(), change.removed.len(), 0);
    if counted.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{name}: {counted}")?;
    for item in &change.removed {
        writeln!(out, "  - {}", shown(item))?;
    }
    for item in &change.added {
        writeln!(out, "  + {}", shown(item))?;
    }
    Ok(())
}

fn sizes(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let changed = comparison.sizes.iter().filter(|one| one.old != one.new);
    let rows: Vec<(String, String)> = changed
        .map(|one| {
            let sizes = format!(
                "{:<6} {} → {}",
                one.name,
                human_bytes(one.old),
                human_bytes(one.new)
            );
            (sizes, growth(one.old, one.new))
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nsizes")?;
    table(&rows, out)
}

fn groups(groups: &[GroupChange], out: &mut dyn Write) -> io::Result<()> {
    let total = |of: fn(&GroupChange) -> u64| as_usize(groups.iter().map(of).sum());
    let counted = counts(
        total(|group| group.added),
        total(|group| group.removed),
        total(|group| group.changed),
    );
    if counted.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nfiles: {counted}")?;
    let rows: Vec<(String, String)> = groups
        .iter()
        .map(|group| {
            let name = described(group.kind, group.name.as_deref());
            let [added, removed, changed] =
                [group.added, group.removed, group.changed].map(as_usize);
            (shown(&name), counts(added, removed, changed))
        })
        .collect();
    table(&rows, out)
}

fn as_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn file_list(files: &FileList<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out)?;
    let mut outcome = Ok(());
    files.for_each(&mut |change| {
        if outcome.is_ok() {
            outcome = writeln!(out, "{}", file(change));
        }
    });
    outcome
}

fn file(change: &FileChange<'_>) -> String {
    let path = shown(change.path);
    match (change.old, change.new) {
        (None, new) => format!("+ {path}  {}", human_bytes(new.unwrap_or_default())),
        (Some(old), None) => format!("- {path}  {}", human_bytes(old)),
        (Some(old), Some(new)) if old == new => format!("~ {path}  {}", human_bytes(new)),
        (Some(old), Some(new)) => format!("~ {path}  {} → {}", human_bytes(old), human_bytes(new)),
    }
}

/// Two columns, the first as wide as it needs.
fn table(rows: &[(String, String)], out: &mut dyn Write) -> io::Result<()> {
    let width = widest(rows.iter().map(|(first, _)| first.as_str()));
    for (first, second) in rows {
        let row = format!("  {first:<width$}  {second}");
        writeln!(out, "{}", row.trim_end())?;
    }
    Ok(())
}
