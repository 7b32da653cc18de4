//! One mistake in a manifest: where it is, what is wrong, what to write instead.

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use eryx_base::escape::{escape, escape_short, mask};
use miette::{LabeledSpan, NamedSource, SourceCode};

use crate::text::{line_at, position, without_secrets};

/// How many characters of the offending line a [`Diagnostic::snippet`] has.
const SNIPPET_CHARACTERS: usize = 120;
/// Lines longer than this many bytes are not drawn with labels: they would flood the terminal.
const DRAWN_LINE_BYTES: usize = 400;

/// A mistake as the checks find it, before its place is turned into line and column.
#[derive(Debug)]
pub(crate) struct SpannedDiagnostic {
    span: Range<usize>,
    message: String,
    label: String,
    help: Option<String>,
    other: Option<(Range<usize>, String)>,
}

impl SpannedDiagnostic {
    /// A mistake at the byte range `span`; `label` is the short text beside the marked range.
    pub(crate) fn new(
        span: Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Self {
        Self {
            span,
            message: message.into(),
            label: label.into(),
            help: None,
            other: None,
        }
    }

    /// Says what to do about it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Points at a second place that the message is about.
    pub(crate) fn other(mut self, span: Range<usize>, label: impl Into<String>) -> Self {
        self.other = Some((span, label.into()));
        self
    }

    /// Where in the text the mistake starts, in bytes.
    pub(crate) fn start(&self) -> usize {
        self.span.start
    }
}

/// One mistake in the text of a manifest.
///
/// [`Display`](fmt::Display) gives `file:line:column: what is wrong` on one line that is safe to
/// show; as a [`miette::Diagnostic`] it carries the text, the marked range and the suggestion.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    file: String,
    line: usize,
    column: usize,
    message: String,
    help: Option<String>,
    snippet: String,
    labels: Vec<LabeledSpan>,
    source: Option<Arc<NamedSource<String>>>,
}

impl Diagnostic {
    /// Turns a diagnostic into a mistake of the manifest `path` whose text is `text`.
    pub(crate) fn locate(
        diagnostic: SpannedDiagnostic,
        path: &Path,
        text: &str,
        source: &Arc<NamedSource<String>>,
    ) -> Self {
        let (line, column) = position(text, diagnostic.span.start);
        let other = diagnostic.other.map(|(span, label)| {
            let (other_line, _) = position(text, span.start);
            (span, label, other_line)
        });
        let mut message = diagnostic.message;
        if let Some((_, label, other_line)) = &other {
            message = format!("{message} ({label} on line {other_line})");
        }

        let drawn = std::iter::once(&diagnostic.span)
            .chain(other.iter().map(|(span, _, _)| span))
            .all(|span| {
                neighbourhood(text, span)
                    .lines()
                    .all(|l| l.len() <= DRAWN_LINE_BYTES)
            });
        let labels = if drawn {
            let mut labels = vec![labelled(&diagnostic.span, diagnostic.label, true)];
            labels.extend(other.map(|(span, label, _)| labelled(&span, label, false)));
            labels
        } else {
            Vec::new()
        };

        Self {
            file: escape(&path.display().to_string()).into_owned(),
            line,
            column,
            message,
            help: diagnostic.help,
            snippet: escape_short(
                without_secrets(line_at(text, diagnostic.span.start)).trim(),
                SNIPPET_CHARACTERS,
            ),
            labels,
            source: drawn.then(|| Arc::clone(source)),
        }
    }

    /// The line it is on, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column it starts at in characters, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }

    /// What is wrong, in one sentence without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it.
    #[must_use]
    pub fn suggestion(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// The offending line, trimmed, made safe to show and cut to 120 characters.
    #[must_use]
    pub fn snippet(&self) -> &str {
        &self.snippet
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            column,
            message,
            ..
        } = self;
        write!(formatter, "{file}:{line}:{column}: {message}")
    }
}

impl std::error::Error for Diagnostic {}

impl miette::Diagnostic for Diagnostic {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source
            .as_ref()
            .map(|source| &**source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        if self.labels.is_empty() {
            return None;
        }
        Some(Box::new(self.labels.iter().cloned()))
    }
}

/// The text of a manifest in the form that labels point into.
pub(crate) fn named_source(path: &Path, text: &str) -> Arc<NamedSource<String>> {
    let name = path.display().to_string();
    let name = escape(&name);
    Arc::new(NamedSource::new(name, mask(&without_secrets(text))).with_language("TOML"))
}

fn labelled(span: &Range<usize>, label: String, primary: bool) -> LabeledSpan {
    let length = span.end.saturating_sub(span.start);
    if primary {
        LabeledSpan::new_primary_with_span(Some(label), (span.start, length))
    } else {
        LabeledSpan::new(Some(label), span.start, length)
    }
}

/// What is drawn around a range: its own lines and the one before and after them.
fn neighbourhood<'text>(text: &'text str, span: &Range<usize>) -> &'text str {
    let previous_line = |offset: usize| text.get(..offset).and_then(|head| head.rfind('\n'));
    let next_line = |offset: usize| {
        text.get(offset..)
            .and_then(|tail| tail.find('\n'))
            .map(|newline| offset + newline)
    };
    let start = previous_line(span.start)
        .and_then(previous_line)
        .unwrap_or(0);
    let end = next_line(span.end)
        .and_then(|newline| next_line(newline + 1))
        .unwrap_or(text.len());
    text.get(start..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_a_line_are_the_lines_beside_it() {
        let text = "a\nb\nc\nd\ne";
        assert_eq!(neighbourhood(text, &(4..5)), "\nb\nc\nd");
        assert_eq!(neighbourhood(text, &(0..1)), "a\nb");
        assert_eq!(neighbourhood(text, &(8..9)), "\nd\ne");
    }
}
