//! The words of a text, and patterns for them.

use crate::settings::Place;
use std::fmt::{self, Display, Formatter};

/// One word or name.
#[derive(Debug)]
pub(crate) struct Word<'a> {
    /// The word.
    pub(crate) text: &'a str,
    /// Its line, counted from 1.
    pub(crate) line: usize,
    source: Source,
    /// Whether nothing but space and signs of comments is between it and the word before.
    follows: bool,
}

/// What a word is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Document,
    Comment,
    Api,
    Code,
    FileName,
}

/// A word, or several in a row.
#[derive(Debug)]
pub(crate) struct Pattern(String);

/// The words of a file, and before them its name.
pub(crate) fn words<'a>(path: &'a str, text: &'a str) -> Vec<Word<'a>> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut words = vec![Word {
        text: name.split('.').next().unwrap_or(name),
        line: 1,
        source: Source::FileName,
        follows: false,
    }];
    let mut follows = false;
    for (index, line) in text.lines().enumerate() {
        let source = source(path, line);
        // A paragraph ends at an empty line.
        follows &= !line.trim().is_empty();
        let mut rest = line;
        while let Some(start) = rest.find(is_letter) {
            follows &= rest[..start].chars().all(is_between);
            rest = &rest[start..];
            let end = rest.find(|c| !is_letter(c) && !is_apostrophe(c));
            let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
            rest = after;
            words.push(Word {
                text: word.trim_end_matches(is_apostrophe),
                line: index + 1,
                source,
                follows,
            });
            follows = true;
        }
        follows &= rest.chars().all(is_between);
    }
    words
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || "/!*#>".contains(c)
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_apostrophe(c: char) -> bool {
    c == '\'' || c == '’'
}

fn source(path: &str, line: &str) -> Source {
    let line = line.trim_start();
    let starts = |starts: &[&str]| starts.iter().any(|start| line.starts_with(start));
    if path.ends_with(".md") {
        Source::Document
    } else if starts(&["//", "/*", "* ", "#!", "# "]) {
        Source::Comment
    } else if path.ends_with(".rs") && starts(&["pub "]) {
        Source::Api
    } else {
        Source::Code
    }
}

impl Word<'_> {
    /// Whether it is in such a place.
    pub(crate) fn is_in(&self, place: Place) -> bool {
        match place {
            Place::Everywhere => true,
            Place::Docs => self.source == Source::Document,
            Place::Prose => matches!(self.source, Source::Document | Source::Comment),
            Place::Code => matches!(self.source, Source::Api | Source::Code),
            Place::Api => self.source == Source::Api,
            Place::Files => self.source == Source::FileName,
        }
    }
}

impl Pattern {
    /// A pattern as the rules have it.
    pub(crate) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Whether the words begin with this.
    pub(crate) fn matches(&self, words: &[Word<'_>]) -> bool {
        let mut rest = words.iter();
        self.0.split(' ').enumerate().all(|(index, pattern)| {
            rest.next()
                .is_some_and(|word| (index == 0 || word.follows) && is_match(pattern, word.text))
        })
    }
}

impl Display for Pattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_match(pattern: &str, word: &str) -> bool {
    let small = !pattern.contains(char::is_uppercase);
    let first_is_capital = word.chars().next().is_some_and(char::is_uppercase);
    let word = if small && first_is_capital {
        word.to_lowercase().replace('’', "'")
    } else {
        word.replace('’', "'")
    };
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => word.contains(pattern.trim_matches('*')),
        (Some(end), None) => word.ends_with(end),
        (None, Some(start)) => word.starts_with(start),
        (None, None) => word == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, text: &str) -> bool {
        let words = words("a.md", text);
        (0..words.len()).any(|index| Pattern::new(pattern).matches(&words[index..]))
    }

    #[test]
    fn words_are_whole() {
        assert!(found("room", "a room."));
        assert!(found("room", "Room of"));
        assert!(!found("room", "roomy, bedroom, a_room"));
        assert!(found("MOST_*", "`MOST_BYTES`"));
        assert!(!found("Ending", "an ending"));
    }

    #[test]
    fn several_words_follow_each_other_even_over_lines() {
        assert!(found("can not", "it can not"));
        assert!(found("can not", "it can\nnot"));
        assert!(!found("can not", "it can, not"));
        assert!(!found("can not", "it can.\nNot so"));
        assert!(found("can't", "it can’t be"));
        assert!(!found("can't", "it cannot be"));
    }
}
