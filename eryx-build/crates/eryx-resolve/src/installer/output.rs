//! What an installer prints: read as it comes, bounded, and safe to show.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read};
use std::process::Child;
use std::thread;

use eryx_base::escape::escape;
use eryx_base::excerpt::excerpt;

/// How a line begins that is a question.
const MARK: &str = "\u{1f}eryx ";

/// Bounds on what is kept of an installer's output.
const MAX_LINE: u64 = 64 * 1024;
const MAX_LINES: usize = 500;
const LAST_LINES: usize = 12;

/// How much of a line a message shows, in bytes.
const MAX_SHOWN: usize = 2000;

/// What an installer's run came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it ended well.
    pub success: bool,
    /// The last lines of standard output.
    pub lines: Vec<String>,
    /// The last lines of standard error.
    pub errors: Vec<String>,
}

impl Outcome {
    /// The last few lines of standard error, indented, for a message.
    #[must_use]
    pub fn last_errors(&self) -> String {
        indented(&self.errors)
    }
}

/// The last few of some lines, indented, for a message.
pub(crate) fn indented(lines: &[String]) -> String {
    let skipped = lines.len().saturating_sub(LAST_LINES);
    let lines = lines.iter().skip(skipped);
    let lines = lines.map(|line| format!("  {}\n", excerpt(line, MAX_SHOWN)));
    lines.collect()
}

/// The signs in pip's output that the index was not reached. With these, "no matching
/// distribution" only means that nothing was seen.
const NETWORK_SIGNS: [&str; 10] = [
    "Retrying (",
    "NewConnectionError",
    "Max retries exceeded",
    "ConnectionError",
    "ReadTimeoutError",
    "SSLError",
    "ProxyError",
    "Could not fetch URL",
    "Temporary failure in name resolution",
    "HTTP error",
];

/// Whether lines of standard error say that the index was not reached.
pub(crate) fn says_network(lines: &[String]) -> bool {
    let has_sign = |line: &String| NETWORK_SIGNS.iter().any(|sign| line.contains(sign));
    lines.iter().any(has_sign)
}

/// One line of standard output.
pub(super) enum Line<'a> {
    /// A question, which waits for its answer.
    Question(&'a str),
    /// Text, without white space around it.
    Text(&'a str),
}

/// Reads both streams to their ends; gives the last lines of each.
pub(super) fn read(
    child: &mut Child,
    each: &mut dyn FnMut(Line<'_>),
) -> (Vec<String>, Vec<String>) {
    let (output, errors) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        // Both streams are read at once, or a full pipe would stop the installer.
        let errors = scope.spawn(move || errors.map(|stream| read_lines(stream, &mut |_| {})));
        let lines = output.map(|stream| {
            read_lines(stream, &mut |line| match line.strip_prefix(MARK) {
                Some(question) => each(Line::Question(question)),
                None => each(Line::Text(escape(line).trim())),
            })
        });
        let errors = errors.join().ok().flatten();
        (lines.unwrap_or_default(), errors.unwrap_or_default())
    })
}

/// The last lines of a stream, made safe to show: a package index chooses parts of them.
fn read_lines(stream: impl Read, each: &mut dyn FnMut(&str)) -> Vec<String> {
    let mut reader = BufReader::new(stream);
    let mut kept = VecDeque::new();
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        match reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut bytes) {
            Ok(0) | Err(_) => return kept.into(),
            Ok(_) => {}
        }
        let text = String::from_utf8_lossy(&bytes);
        let line = text.trim_end();
        each(line);
        if kept.len() == MAX_LINES {
            kept.pop_front();
        }
        kept.push_back(escape(line).to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bounded_and_clean_end_of_the_output_is_kept() {
        let mut text = "line\n".repeat(2 * MAX_LINES);
        text.push_str("\u{1b}[2Jlast");
        let lines = read_lines(text.as_bytes(), &mut |_| {});
        assert_eq!(lines.len(), MAX_LINES);
        assert_eq!(lines.last().map(String::as_str), Some(r"\u{1b}[2Jlast"));
    }

    #[test]
    fn lines_of_any_length_are_told_in_part() {
        let lines = vec!["x".repeat(MAX_LINE as usize); 2 * LAST_LINES];
        let told = indented(&lines);
        assert_eq!(told.lines().count(), LAST_LINES);
        assert!(told.len() < LAST_LINES * (MAX_SHOWN + 100));
    }

    #[test]
    fn an_unreachable_index_is_told_from_an_empty_one() {
        let says = |text: &str| says_network(&[text.to_owned()]);
        assert!(says(
            "WARNING: Retrying (Retry(total=0)) after 'NewConnectionError'"
        ));
        assert!(!says(
            "ERROR: No matching distribution found for six==1.16.0"
        ));
    }
}
