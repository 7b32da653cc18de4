//! The beginning and the end of a text that may be of any length.
//!
//! What a guest raises, a package is named or an installer says ends up in messages, and may be a
//! megabyte. Its beginning says what it is about, and its end how it came out.
//!
//! ```
//! use eryx_base::excerpt::excerpt;
//!
//! let text = format!("first\n{}last", "one of many\n".repeat(10_000));
//! let shown = excerpt(&text, 100);
//! assert!(shown.starts_with("first\n") && shown.ends_with("\nlast") && shown.len() < 200);
//! assert!(shown.contains("\n… (120.0 kB left out) …\n"), "{shown}");
//! ```

use std::borrow::Cow;

use crate::size::human_bytes;

/// How much of a message is shown, in bytes, before control characters are escaped.
pub const MESSAGE: usize = 32 << 10;

/// How much of a traceback is shown, in bytes, before control characters are escaped.
pub const TRACEBACK: usize = 16 << 10;

/// How much of one line is shown, in bytes; that of a list of files may be long.
pub const LINE: usize = 4 << 10;

/// At most `limit` bytes of a text, a quarter of them of its beginning, with how much is left out
/// between. Lines are cut to [`LINE`] bytes in the same way before, so that one long line does not
/// displace all others. Whole lines are left out where there are any. What was cut to a limit is left
/// alone by the same one, and by any larger one.
#[must_use]
pub fn excerpt(text: &str, limit: usize) -> Cow<'_, str> {
    let is_long = |line: &str| line.len() > LINE.min(limit);
    if text.len() <= limit && !text.lines().any(is_long) {
        return Cow::Borrowed(text);
    }
    let lines = text.split_inclusive('\n');
    let short: String = lines.map(|line| cut(line, LINE.min(limit))).collect();
    Cow::Owned(cut(&short, limit).into_owned())
}

/// The most bytes of the words that say how much is left out.
const WORDS: usize = 40;

/// The same without a look at lines.
fn cut(text: &str, limit: usize) -> Cow<'_, str> {
    if text.len() <= limit {
        return Cow::Borrowed(text);
    }
    let room = limit.saturating_sub(WORDS);
    let head = text.floor_char_boundary(room / 4);
    let tail = text.ceil_char_boundary(text.len() - (room - room / 4));
    let head = text.get(..head).unwrap_or_default();
    let tail = text.get(tail..).unwrap_or_default();
    // A line feed at the end of the tail ends what is shown, and does not begin it.
    let first = tail.find('\n').filter(|first| first + 1 < tail.len());
    let whole = head.rfind('\n').zip(first);
    let (head, tail, around) = match whole {
        Some((last, first)) => (
            head.get(..=last).unwrap_or(head),
            tail.get(first + 1..).unwrap_or(tail),
            ["", "\n"],
        ),
        None => (head, tail, [" ", " "]),
    };
    let left_out = human_bytes((text.len() - head.len() - tail.len()) as u64);
    let [before, after] = around;
    Cow::Owned(format!(
        "{head}{before}… ({left_out} left out) …{after}{tail}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_left_alone() {
        for text in ["", "one\ntwo\n", &"x".repeat(LINE)] {
            assert!(matches!(excerpt(text, MESSAGE), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn a_long_line_keeps_its_ends_and_its_neighbours() {
        let line = format!("ModuleNotFoundError: {}!", "ü".repeat(1 << 20));
        let text = format!("first\n{line}\nlast\n");
        let shown = excerpt(&text, MESSAGE);
        assert!(
            shown.starts_with("first\nModuleNotFoundError: ü"),
            "{shown}"
        );
        assert!(shown.ends_with("ü!\nlast\n"), "{shown}");
        assert!(shown.contains("ü … (2.1 MB left out) … ü"), "{shown}");
        assert!(shown.len() <= LINE + 20);
    }

    #[test]
    fn whole_lines_are_left_out() {
        let text: String = (0..100_000).map(|line| format!("line {line}\n")).collect();
        let shown = excerpt(&text, TRACEBACK);
        assert!(shown.len() <= TRACEBACK);
        let lines: Vec<&str> = shown.lines().collect();
        let strange = |line: &&&str| !line.starts_with("line ") && !line.starts_with("… (1.1 MB");
        assert_eq!(lines.iter().find(strange), None);
        assert_eq!(lines.first(), Some(&"line 0"));
        assert_eq!(lines.last(), Some(&"line 99999"));
    }

    #[test]
    fn what_was_cut_is_not_cut_again() {
        let line = "x".repeat(10 * LINE);
        for text in [
            line.clone(),
            format!("{line}\n").repeat(100),
            "y\n".repeat(1 << 20),
        ] {
            let shown = excerpt(&text, TRACEBACK);
            assert!(shown.len() <= TRACEBACK);
            for limit in [TRACEBACK, MESSAGE] {
                assert!(matches!(excerpt(&shown, limit), Cow::Borrowed(_)));
            }
        }
    }

    #[test]
    fn many_long_lines_stay_within_the_limit() {
        let text = format!("{}\n", "x".repeat(10_000)).repeat(100);
        assert!(excerpt(&text, TRACEBACK).len() <= TRACEBACK);
        assert!(excerpt(&text, 10).len() < 100);
        assert!(excerpt("\n\n\n\n\n\n", 1).len() < 100);
    }
}
