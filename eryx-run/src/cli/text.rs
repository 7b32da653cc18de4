//! Text for tables: made fit to be shown, cut to a width, and numbers for people.

use eryx_base::{escape::escape, size::human_bytes};

/// How wide a table is at most, in characters: a terminal of the usual width.
pub(super) const WIDTH: usize = 80;

/// A text with everything that steers a terminal escaped.
pub(super) fn shown(text: &str) -> String {
    escape(text).into_owned()
}

/// The first line of a text, cut to `width` characters.
pub(super) fn cell(text: &str, width: usize) -> String {
    let text = text.trim();
    let line = text.lines().next().unwrap_or("");
    let shown = escape(line);
    if shown.chars().count() <= width && line.len() == text.len() {
        return shown.into_owned();
    }
    let mut cut: String = shown.chars().take(width.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// How many characters the widest of these texts has.
pub(super) fn widest<'a>(texts: impl IntoIterator<Item = &'a str>) -> usize {
    let widths = texts.into_iter().map(|text| text.chars().count());
    widths.max().unwrap_or(0)
}

/// A number of things: `1 file`, `2 files`.
pub(super) fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// What changed between two sizes: `+1.2 kB`, `-3 B`, or nothing.
pub(super) fn growth(old: u64, new: u64) -> String {
    match new.cmp(&old) {
        std::cmp::Ordering::Less => format!("-{}", human_bytes(old.abs_diff(new))),
        std::cmp::Ordering::Equal => String::new(),
        std::cmp::Ordering::Greater => format!("+{}", human_bytes(old.abs_diff(new))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(cell("MIT", 48), "MIT");
        assert_eq!(
            cell("MIT License\n\nPermission is hereby", 48),
            "MIT License…"
        );
        assert_eq!(cell(&"x".repeat(1000), 48).chars().count(), 48);
        assert_eq!(cell("\u{1b}[2J", 48), "\\u{1b}[2J");
    }

    #[test]
    fn growth_has_a_sign() {
        assert_eq!(growth(1000, 2500), "+1.5 kB");
        assert_eq!(growth(3, 0), "-3 B");
        assert_eq!(growth(7, 7), "");
    }
}
