//! Making text of unknown origin fit to be shown.
//!
//! Names and descriptions in an image were written by whoever baked it. Shown as they are, they
//! could move the cursor, hide themselves or forge a line of output.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with every character that steers a terminal or reorders text written as an escape.
///
/// Escaped are control characters (C0 with line breaks and tabs, DEL, C1), line and paragraph
/// separators, and the invisible marks that change the direction of text.
///
/// ```
/// # use eryx_run::image::printable;
/// assert_eq!(printable("plain"), "plain");
/// assert_eq!(printable("\u{1b}[2J"), "\\u{1b}[2J");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    escape(text, |escaped, character| {
        let escape: &dyn std::fmt::Display = match character {
            '\n' => &"\\n",
            '\r' => &"\\r",
            '\t' => &"\\t",
            other => &other.escape_unicode(),
        };
        let _ = write!(escaped, "{escape}");
    })
}

/// The same with the escapes of JSON, for the inside of its strings.
pub(crate) fn printable_units(text: &str) -> Cow<'_, str> {
    escape(text, |escaped, character| {
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    })
}

fn escape(text: &str, mut replace: impl FnMut(&mut String, char)) -> Cow<'_, str> {
    if !text.contains(is_steering) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_steering(character) {
            replace(&mut escaped, character);
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

fn is_steering(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{061c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_left_alone() {
        for text in ["", "a b", "Grüße 漢字 🎉", "\\n"] {
            assert!(matches!(printable(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn what_steers_is_escaped() {
        assert_eq!(
            printable("a\nb\r\t\0\u{9b}31m\u{7f}"),
            r"a\nb\r\t\u{0}\u{9b}31m\u{7f}"
        );
        assert_eq!(
            printable("x\u{202e}y\u{2028}\u{e0041}"),
            r"x\u{202e}y\u{2028}\u{e0041}"
        );
    }

    #[test]
    fn json_keeps_its_meaning() {
        let value = "\u{9b}31m \u{202e} \u{e0041} ü";
        let shown = format!("\"{}\"", printable_units(value));
        assert_eq!(shown, r#""\u009b31m \u202e \udb40\udc41 ü""#);
        assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), value);
    }
}
