//! Documents are wrapped.

use super::Rule;
use crate::{Finding, house::House, settings::Exception};
use anyhow::Result;

/// Documents are wrapped, but for what cannot be: code, tables, headings and addresses.
#[derive(Debug)]
pub(crate) struct Columns;

impl Rule for Columns {
    fn check(&self, house: &House) -> Result<Vec<Finding>> {
        let rule = &house.settings.columns;
        if !rule.check {
            return Ok(Vec::new());
        }
        let mut findings = Vec::new();
        for (path, text) in house.tree.texts() {
            if !rule.files.iter().any(|glob| glob.matches(path)) {
                continue;
            }
            for (line, columns) in wide_lines(text, rule.width) {
                if !Exception::excuses(&rule.except, path) {
                    let message = format!("{columns} columns, more than {}; wrap it", rule.width);
                    findings.push(Finding::new(path, line, message));
                }
            }
        }
        findings.extend(house.settings.unused(&rule.except));
        Ok(findings)
    }
}

/// The lines that could be shorter, and how many columns each has.
fn wide_lines(text: &str, width: usize) -> Vec<(usize, usize)> {
    let mut fenced = false;
    let mut wide = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let start = line.trim_start();
        if start.starts_with("```") || start.starts_with("~~~") {
            fenced = !fenced;
            continue;
        }
        let columns = line.chars().count();
        let fixed = fenced || start.starts_with(['|', '#']) || start.starts_with("    ");
        if columns > width && !fixed && without_addresses(line).chars().count() > width {
            wide.push((index + 1, columns));
        }
    }
    wide
}

/// The line without what follows `](` and without words that are addresses.
fn without_addresses(line: &str) -> String {
    let mut kept = String::new();
    let mut rest = line;
    while let Some(start) = rest.find("](") {
        kept.push_str(&rest[..start]);
        rest = &rest[start..];
        rest = rest.find(')').map_or("", |end| &rest[end..]);
    }
    kept.push_str(rest);
    let words = kept.split(' ').filter(|word| !word.contains("://"));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::wide_lines;

    #[test]
    fn what_cannot_be_wrapped_may_be_wide() {
        let text =
            "a b c d e f\n| a table |\n```\ncode of many columns\n```\n[a](http://a/b/c/d)\n";
        assert_eq!(wide_lines(text, 8), [(1, 11)]);
    }
}
