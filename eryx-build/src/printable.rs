//! Makes text of unknown origin safe to show on a terminal.
//!
//! Package names, module names, file names and guest output reach the user's terminal; an escape
//! sequence or a bidirectional override in them must not move the cursor, rewrite lines or make one
//! name look like another. This module knows nothing about who shows the text.
//!
//! ```
//! use eryx_build::printable::printable;
//!
//! assert_eq!(printable("six\u{1b}[2J"), r"six\u{1b}[2J");
//! ```

use std::fmt::Write as _;

/// Whether a character can change how the text around it is shown.
fn is_disruptive(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{061c}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

fn escape(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if is_disruptive(character) && !keep(character) {
            // `escape_default` writes \n, \t and \r by name and the rest as \u{…}. Writing to a
            // string cannot fail.
            let _ = write!(escaped, "{}", character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// `text` on one line: control and bidirectional characters are written as escapes.
#[must_use]
pub fn printable(text: &str) -> String {
    escape(text, |_| false)
}

/// As [`printable`], but line feeds and tabs stay what they are.
#[must_use]
pub fn printable_lines(text: &str) -> String {
    escape(text, |character| matches!(character, '\n' | '\t'))
}

/// As [`printable`], and cut to `limit` characters (at least one) of which the last is `…` when
/// something was cut.
#[must_use]
pub fn printable_short(text: &str, limit: usize) -> String {
    let limit = limit.max(1);
    // Only so much is escaped as can be shown: the text may be a megabyte.
    let head: String = text.chars().take(limit.saturating_add(1)).collect();
    let whole = printable(&head);
    if whole.chars().count() <= limit {
        return whole;
    }
    let mut short: String = whole.chars().take(limit - 1).collect();
    short.push('…');
    short
}

/// `text` with every disruptive character except line feeds and tabs replaced by a visible one of
/// the same number of bytes, so that byte offsets into `text` stay right.
#[must_use]
pub fn masked(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\n' | '\t' => character,
            _ if !is_disruptive(character) => character,
            _ => match character.len_utf8() {
                1 => '?',
                2 => '¿',
                3 => char::REPLACEMENT_CHARACTER,
                _ => '\u{1f7a8}',
            },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_moves_the_cursor_or_turns_the_text() {
        assert_eq!(printable("a\x1b]0;x\x07"), r"a\u{1b}]0;x\u{7}");
        assert_eq!(printable("a\u{9b}2J\u{202e}b"), r"a\u{9b}2J\u{202e}b");
        assert_eq!(printable("a\r\nb"), r"a\r\nb");
        assert_eq!(printable("naïve 😀"), "naïve 😀");
    }

    #[test]
    fn lines_keep_their_breaks_only() {
        assert_eq!(printable_lines("a\n\tb\rc\x08"), "a\n\tb\\rc\\u{8}");
    }

    #[test]
    fn short_text_is_cut_after_escaping() {
        assert_eq!(printable_short("abcdef", 6), "abcdef");
        assert_eq!(printable_short("abcdefg", 6), "abcde…");
        assert_eq!(printable_short("\x1b\x1b\x1b", 6), r"\u{1b…");
        assert_eq!(printable_short("ab", 0), "…");
    }

    #[test]
    fn masked_text_keeps_its_length() {
        for text in ["a\x1bb", "a\u{85}b", "a\u{202e}b", "a\u{e0041}b", "a\nb\tc"] {
            let masked = masked(text);
            assert_eq!(masked.len(), text.len(), "{text:?}");
            assert!(
                !masked
                    .chars()
                    .any(|c| is_disruptive(c) && !"\n\t".contains(c))
            );
        }
    }
}
