//! Pieces of a manifest's text: where they stand, and how messages repeat them.

use eryx_base::escape::escape_short;
use toml::Spanned;

/// How many characters of a value a message repeats.
const QUOTED_CHARACTERS: usize = 60;

/// A string and where it stands.
pub(crate) type Text = Spanned<String>;

/// A value of the manifest as messages repeat it: in backticks, on one line, safe to show.
pub(crate) fn quoted(text: &str) -> String {
    let text = without_secrets(text);
    format!("`{}`", escape_short(&text, QUOTED_CHARACTERS))
}

/// The text with stars in place of user names and passwords in addresses, as many bytes as before:
/// messages end in logs.
pub(crate) fn without_secrets(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        let ends = |one: char| one.is_whitespace() || "/?#\"'`".contains(one);
        let authority = after.split(ends).next().unwrap_or_default();
        let secret = authority.rfind('@').unwrap_or(0);
        shown.push_str(before);
        shown.push_str("://");
        shown.push_str(&"*".repeat(secret));
        rest = after.get(secret..).unwrap_or_default();
    }
    shown.push_str(rest);
    shown
}

/// Words as a message lists them.
pub(crate) fn listed<'word>(words: impl IntoIterator<Item = &'word str>) -> String {
    let words: Vec<String> = words
        .into_iter()
        .map(|word| format!("\"{word}\""))
        .collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// Line and column of a byte offset, both from 1, the column in characters.
pub(crate) fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.get(line_start..).unwrap_or("").chars().count() + 1;
    (line, column)
}

/// The line that a byte offset is on, without its line feed.
pub(crate) fn line_at(text: &str, offset: usize) -> &str {
    let (before, after) = text
        .split_at_checked(offset.min(text.len()))
        .unwrap_or((text, ""));
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let end = before.len() + after.find('\n').unwrap_or(after.len());
    text.get(start..end).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_from_one_and_in_characters() {
        assert_eq!(position("", 0), (1, 1));
        assert_eq!(position("a\nnaïve = 1", 2), (2, 1));
        assert_eq!(position("a\nnaïve = 1", 8), (2, 6));
        assert_eq!(position("a\n", 99), (2, 1));
    }

    #[test]
    fn secrets_in_addresses_are_not_repeated() {
        for (text, expected) in [
            ("a://me:word@b/c@d", "a://*******@b/c@d"),
            ("a://ü@b a://x y://z@", "a://**@b a://x y://*@"),
            ("a://b?c@d", "a://b?c@d"),
            ("a://", "a://"),
        ] {
            assert_eq!(without_secrets(text), expected);
            assert_eq!(expected.len(), text.len());
        }
    }

    #[test]
    fn lines_are_found_by_offset() {
        assert_eq!(line_at("one\ntwo\nthree", 5), "two");
        assert_eq!(line_at("one\ntwo", 3), "one");
        assert_eq!(line_at("one\n", 4), "");
    }
}
