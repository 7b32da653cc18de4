//! How progress words things: durations, lines of guest output.

use std::time::Duration;

use eryx_base::{
    escape::escape,
    excerpt::{LINE, excerpt},
};

/// The longest line of guest output that is shown as one, in bytes. A guest that never writes a
/// line feed must not fill the host's memory.
const MAX_LINE: usize = 4096;

/// A text that a package or an installer may have chosen, on one line: bounded, and safe to show.
pub(super) fn shown(text: &str) -> String {
    escape(&excerpt(text, LINE)).into_owned()
}

/// Seconds with one digit behind the point, without the unit.
pub(super) fn seconds(elapsed: Duration) -> String {
    format!("{:.1}", elapsed.as_secs_f64())
}

/// A stage's note with the word that says that nothing had to be done.
pub(super) fn note(note: &str, cached: bool) -> String {
    let note = shown(note);
    match (note.is_empty(), cached) {
        (_, false) => note,
        (true, true) => "cached".to_owned(),
        (false, true) => format!("{note} (cached)"),
    }
}

/// Cuts guest output, which comes in pieces of any size, into lines that are safe to show.
#[derive(Debug, Default)]
pub(super) struct GuestLines {
    rest: Vec<u8>,
}

impl GuestLines {
    /// Takes a piece of output and gives the lines that are whole now.
    pub(super) fn push(&mut self, mut piece: &[u8]) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let room = MAX_LINE.saturating_sub(self.rest.len());
            let (window, _) = piece.split_at(piece.len().min(room));
            match window.iter().position(|byte| *byte == b'\n') {
                Some(newline) => {
                    let (line, rest) = piece.split_at(newline);
                    self.rest.extend_from_slice(line);
                    lines.push(self.take());
                    piece = rest.strip_prefix(b"\n").unwrap_or(rest);
                }
                None if window.len() == room && piece.len() > room => {
                    let (line, rest) = piece.split_at(room);
                    self.rest.extend_from_slice(line);
                    lines.push(self.take());
                    piece = rest;
                }
                None => {
                    self.rest.extend_from_slice(piece);
                    return lines;
                }
            }
        }
    }

    /// Gives the last line if it did not end in a line feed.
    pub(super) fn flush(&mut self) -> Option<String> {
        (!self.rest.is_empty()).then(|| self.take())
    }

    fn take(&mut self) -> String {
        let line = std::mem::take(&mut self.rest);
        let line = line.strip_suffix(b"\r").unwrap_or(&line);
        // A tab moves the cursor by an unknown width, but never off the line.
        String::from_utf8_lossy(line)
            .split('\t')
            .map(escape)
            .collect::<Vec<_>>()
            .join("\t")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_any_length_is_one_line_of_bounded_length() {
        let text = format!("begins\n{}\x1bends", "x".repeat(10 * LINE));
        let shown = shown(&text);
        assert!(shown.starts_with(r"begins\nxxx") && shown.ends_with(r"xxx\u{1b}ends"));
        assert!(shown.len() < LINE + 200 && !shown.contains('\n'), "{shown}");
    }

    #[test]
    fn output_in_pieces_becomes_lines() {
        let mut lines = GuestLines::default();
        assert!(lines.push(b"na\xc3").is_empty());
        assert_eq!(
            lines.push(b"\xafve\r\n\tb\x1b[2J\nlast"),
            ["naïve", "\tb\\u{1b}[2J"]
        );
        assert_eq!(lines.flush().as_deref(), Some("last"));
        assert_eq!(lines.flush(), None);
    }

    #[test]
    fn a_line_without_end_is_cut() {
        let mut lines = GuestLines::default();
        let shown = lines.push(&vec![b'x'; 3 * MAX_LINE + 1]);
        assert_eq!(shown.len(), 3);
        assert!(shown.iter().all(|line| line.len() == MAX_LINE));
        assert_eq!(lines.flush().as_deref(), Some("x"));
    }

    #[test]
    fn an_empty_piece_changes_nothing() {
        let mut lines = GuestLines::default();
        assert!(lines.push(b"").is_empty());
        assert_eq!(lines.push(b"\n\n"), ["", ""]);
    }
}
