//! How progress words things: sizes, durations, lines of guest output.

use std::time::Duration;

use crate::printable::printable;

/// The longest line of guest output that is shown as one, in bytes. A guest that never writes a
/// line feed must not fill the host's memory.
const MAX_LINE: usize = 4096;

/// A number of bytes in decimal units, as people read it: `999 B`, `3.1 MB`.
#[must_use]
pub fn human_bytes(bytes: u64) -> String {
    const UNITS: [(&str, u64); 4] = [
        ("TB", 1_000_000_000_000),
        ("GB", 1_000_000_000),
        ("MB", 1_000_000),
        ("kB", 1_000),
    ];
    for (unit, size) in UNITS {
        // Rounded before the unit is chosen, so that 999 999 is 1.0 MB and not 1000.0 kB.
        let tenths = (u128::from(bytes) * 10 + u128::from(size) / 2) / u128::from(size);
        if tenths >= 10 {
            return format!("{}.{} {unit}", tenths / 10, tenths % 10);
        }
    }
    format!("{bytes} B")
}

/// Seconds with one digit behind the point, without the unit.
pub(super) fn seconds(elapsed: Duration) -> String {
    format!("{:.1}", elapsed.as_secs_f64())
}

/// A stage's note with the word that says that nothing had to be done.
pub(super) fn note(note: &str, cached: bool) -> String {
    let note = printable(note);
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
            .map(printable)
            .collect::<Vec<_>>()
            .join("\t")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_rounded_into_the_right_unit() {
        for (bytes, shown) in [
            (0, "0 B"),
            (949, "949 B"),
            (1_000, "1.0 kB"),
            (3_149_000, "3.1 MB"),
            (999_999, "1.0 MB"),
            (34_000_000, "34.0 MB"),
            (2_500_000_000, "2.5 GB"),
            (u64::MAX, "18446744.1 TB"),
        ] {
            assert_eq!(human_bytes(bytes), shown, "{bytes}");
        }
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
