//! Text for tables: made fit to be shown, cut to a width, and numbers for people.

use crate::image::printable;

/// How wide a table is at most, in characters: a terminal of the usual width.
pub const WIDTH: usize = 80;

/// A text with everything that steers a terminal escaped.
pub fn shown(text: &str) -> String {
    printable(text).into_owned()
}

/// The first line of a text, cut to `width` characters.
pub fn cell(text: &str, width: usize) -> String {
    let text = text.trim();
    let line = text.lines().next().unwrap_or("");
    let shown = printable(line);
    if shown.chars().count() <= width && line.len() == text.len() {
        return shown.into_owned();
    }
    let mut cut: String = shown.chars().take(width.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// How many characters the widest of these texts has.
pub fn widest<'a>(texts: impl IntoIterator<Item = &'a str>) -> usize {
    let widths = texts.into_iter().map(|text| text.chars().count());
    widths.max().unwrap_or(0)
}

/// A number of things: `1 file`, `2 files`.
pub fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// A size for people, in the decimal units of the toolchain: `517 B`, `3.4 kB`, `20.1 MB`.
pub fn size(bytes: u64) -> String {
    let mut unit = 1_u64;
    let mut name = "B";
    for larger in ["kB", "MB", "GB", "TB"] {
        if bytes / unit < 1000 {
            break;
        }
        unit *= 1000;
        name = larger;
    }
    if unit == 1 {
        return format!("{bytes} B");
    }
    // One decimal, rounded down, in whole numbers. No overflow: the remainder is below 10¹².
    format!("{}.{} {name}", bytes / unit, (bytes % unit) * 10 / unit)
}

/// What changed between two sizes: `+1.2 kB`, `-3 B`, or nothing.
pub fn growth(old: u64, new: u64) -> String {
    match new.cmp(&old) {
        std::cmp::Ordering::Less => format!("-{}", size(old.abs_diff(new))),
        std::cmp::Ordering::Equal => String::new(),
        std::cmp::Ordering::Greater => format!("+{}", size(old.abs_diff(new))),
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
    fn sizes_are_readable() {
        let sizes = [0, 999, 1000, 1_536, 20_199_999, u64::MAX].map(size);
        assert_eq!(
            sizes,
            [
                "0 B",
                "999 B",
                "1.0 kB",
                "1.5 kB",
                "20.1 MB",
                "18446744.0 TB"
            ]
        );
        assert_eq!(growth(1000, 2500), "+1.5 kB");
        assert_eq!(growth(3, 0), "-3 B");
        assert_eq!(growth(7, 7), "");
    }
}
