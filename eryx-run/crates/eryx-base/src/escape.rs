//! Makes text of unknown origin safe to show.
//!
//! Names of packages, modules and files, descriptions in an image and what a guest prints reach the
//! user's terminal. An escape sequence or a bidirectional override in them must not move the cursor,
//! forge a line of output or make one name look like another. This module does not know who shows
//! the text.
//!
//! ```
//! use eryx_base::escape::escape;
//!
//! assert_eq!(escape("six\u{1b}[2J"), r"six\u{1b}[2J");
//! ```

use std::{borrow::Cow, fmt::Write as _};

/// Whether a character can change how the text around it is shown: control characters (C0, DEL,
/// C1), line and paragraph separators, invisible characters, marks of direction, and tags.
fn is_disruptive(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{061c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// `text` on one line: every disruptive character is written as an escape of Rust.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    replace(text, is_disruptive, escape_default)
}

/// As [`escape`], but line feeds and tabs stay what they are.
#[must_use]
pub fn escape_lines(text: &str) -> Cow<'_, str> {
    let is_replaced = |character| is_disruptive(character) && !matches!(character, '\n' | '\t');
    replace(text, is_replaced, escape_default)
}

/// As [`escape`], and cut to `limit` characters (at least one), of which the last is `…` when
/// something was cut.
#[must_use]
pub fn escape_short(text: &str, limit: usize) -> String {
    let limit = limit.max(1);
    // Only as much is escaped as can be shown: the text may be a megabyte.
    let end = text.char_indices().nth(limit.saturating_add(1));
    let head = end.and_then(|(end, _)| text.get(..end)).unwrap_or(text);
    let whole = escape(head);
    if whole.chars().count() <= limit {
        return whole.into_owned();
    }
    let mut short: String = whole.chars().take(limit - 1).collect();
    short.push('…');
    short
}

/// As [`escape`], with the escapes of JSON (RFC 8259, section 7), for the inside its strings.
#[must_use]
pub fn escape_json(text: &str) -> Cow<'_, str> {
    replace(text, is_disruptive, |escaped, character| {
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    })
}

/// `text` with every disruptive character except line feeds and tabs replaced by a visible one of
/// the same number of bytes, so that byte offsets into `text` stay right.
#[must_use]
pub fn mask(text: &str) -> String {
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

/// Line feeds, carriage returns and tabs by name, others as `\u{…}`.
fn escape_default(escaped: &mut String, character: char) {
    // Writing to a string cannot fail.
    let _ = write!(escaped, "{}", character.escape_default());
}

fn replace(
    text: &str,
    is_replaced: impl Fn(char) -> bool,
    mut write: impl FnMut(&mut String, char),
) -> Cow<'_, str> {
    if !text.contains(&is_replaced) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_replaced(character) {
            write(&mut escaped, character);
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_left_alone() {
        for text in ["", "a b", "Grüße 漢字 🎉", "\\n"] {
            assert!(matches!(escape(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn what_moves_the_cursor_or_turns_the_text_is_escaped() {
        assert_eq!(escape("a\x1b]0;x\x07"), r"a\u{1b}]0;x\u{7}");
        assert_eq!(escape("a\u{9b}2J\u{202e}b"), r"a\u{9b}2J\u{202e}b");
        assert_eq!(
            escape("a\nb\r\t\0\u{9b}31m\u{7f}"),
            r"a\nb\r\t\u{0}\u{9b}31m\u{7f}"
        );
        assert_eq!(
            escape("x\u{202e}y\u{2028}\u{e0041}"),
            r"x\u{202e}y\u{2028}\u{e0041}"
        );
    }

    /// Joiners are invisible, and make one name look like another.
    #[test]
    fn joiners_are_escaped() {
        assert_eq!(escape("a\u{200c}b\u{200d}c"), r"a\u{200c}b\u{200d}c");
    }

    #[test]
    fn lines_keep_their_breaks_only() {
        assert_eq!(escape_lines("a\n\tb\rc\x08"), "a\n\tb\\rc\\u{8}");
    }

    #[test]
    fn short_text_is_cut_after_escaping() {
        assert_eq!(escape_short("abcdef", 6), "abcdef");
        assert_eq!(escape_short("abcdefg", 6), "abcde…");
        assert_eq!(escape_short("\x1b\x1b\x1b", 6), r"\u{1b…");
        assert_eq!(escape_short("ab", 0), "…");
        assert_eq!(escape_short("ab", usize::MAX), "ab");
    }

    #[test]
    fn json_keeps_its_meaning() {
        let value = "\u{9b}31m \u{202e} \u{e0041} ü";
        let shown = format!("\"{}\"", escape_json(value));
        assert_eq!(shown, r#""\u009b31m \u202e \udb40\udc41 ü""#);
        assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), value);
    }

    #[test]
    fn masked_text_keeps_its_length() {
        for text in ["a\x1bb", "a\u{85}b", "a\u{202e}b", "a\u{e0041}b", "a\nb\tc"] {
            let masked = mask(text);
            assert_eq!(masked.len(), text.len(), "{text:?}");
            assert_eq!(escape_lines(&masked), masked);
        }
    }
}
