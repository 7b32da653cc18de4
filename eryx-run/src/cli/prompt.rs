//! Prompts that programs make, as the line editor can show them.
//!
//! The editor moves the cursor by what it knows of the prompt's width. Of control sequences only those that
//! choose colours and weights are kept; others could make the terminal and the editor disagree about where the
//! cursor is, or make the terminal answer as if somebody typed.

/// A prompt of one row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Prompt {
    /// Without any control sequence.
    pub plain: String,
    /// With colours. It is as wide as the plain one.
    pub styled: String,
}

impl Prompt {
    /// What can be shown of a program's prompt.
    pub(super) fn new(text: &str) -> Self {
        let mut prompt = Self {
            plain: String::new(),
            styled: String::new(),
        };
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let (sequence, after) = rest.split_at(sequence_length(rest));
            rest = after;
            if is_style(sequence) {
                prompt.styled.push_str(sequence);
            } else if !character.is_control() {
                prompt.plain.push(character);
                prompt.styled.push(character);
            }
        }
        prompt
    }
}

/// Bytes of the control sequence or else the character at the start of a text (ECMA-48).
fn sequence_length(text: &str) -> usize {
    let first = text.chars().next().map_or(0, char::len_utf8);
    let mut bytes = text.bytes().enumerate().skip(1);
    if !text.starts_with('\u{1b}') {
        return first;
    }
    match bytes.next() {
        // Parameters and a final byte.
        Some((_, b'[')) => {
            let end = bytes.find(|(_, byte)| !(0x20..0x40).contains(byte));
            match end {
                Some((index, 0x40..0x7f)) => index + 1,
                Some((index, _)) => index,
                None => text.len(),
            }
        }
        // Strings, up to a bell or another sequence.
        Some((_, b']' | b'P' | b'X' | b'^' | b'_')) => {
            let end = bytes.find(|(_, byte)| matches!(byte, 0x07 | 0x1b));
            end.map_or(text.len(), |(index, _)| index)
        }
        Some((_, 0x20..0x7f)) => 2,
        _ => first,
    }
}

/// Whether a sequence chooses colours or weights only.
fn is_style(sequence: &str) -> bool {
    sequence
        .strip_prefix("\u{1b}[")
        .and_then(|rest| rest.strip_suffix('m'))
        .is_some_and(|parameters| {
            let parameter = |byte: u8| byte.is_ascii_digit() || matches!(byte, b';' | b':');
            parameters.bytes().all(parameter)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shown(text: &str, plain: &str, styled: &str) {
        let (plain, styled) = (plain.to_owned(), styled.to_owned());
        assert_eq!(Prompt::new(text), Prompt { plain, styled });
    }

    #[test]
    fn text_and_colours_are_kept() {
        shown("", "", "");
        shown(">>> ", ">>> ", ">>> ");
        shown("größer? ", "größer? ", "größer? ");
        shown("\x1b[1;35m>>>\x1b[0m ", ">>> ", "\x1b[1;35m>>>\x1b[0m ");
        // The marks that readline wants around what takes no room.
        shown("\x01\x1b[31m\x02a\x01\x1b[m\x02", "a", "\x1b[31ma\x1b[m");
    }

    #[test]
    fn what_moves_the_cursor_or_asks_the_terminal_is_left_out() {
        for sequence in [
            "\x1b[2J",
            "\x1b[10;10H",
            "\x1b[6n",
            "\x1b[>0m",
            "\x1b[ q",
            "\x1b]0;title\x07",
            "\x1b]52;c;YQ==\x1b\\",
            "\x1bP$q\x1b\\",
            "\x1bc",
            "\x1b7",
            "\r",
            "\x08",
            "\u{9b}",
            "\x07",
            "\x7f",
            "\0",
        ] {
            shown(&format!("a{sequence}b"), "ab", "ab");
        }
    }

    #[test]
    fn what_is_cut_off_does_no_harm() {
        for sequence in ["\x1b", "\x1b[", "\x1b[31", "\x1b]0;tit", "\x1b]"] {
            shown(&format!("a{sequence}"), "a", "a");
        }
        shown("\x1b[3\u{e9}m", "\u{e9}m", "\u{e9}m");
        shown("\x1b\u{e9}", "\u{e9}", "\u{e9}");
    }
}
