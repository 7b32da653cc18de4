//! What a key and a section of the manifest are. [`section!`](crate::declare::section) declares them.

use serde_json::Value;

/// The kind of value a key expects.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// A string.
    Text,
    /// One of these words.
    Word(fn() -> Vec<&'static str>),
    /// A list of strings.
    TextList,
    /// A table from strings to strings.
    TextTable,
    /// `true` or `false`.
    Boolean,
    /// An integer that is not negative and has at most 32 bits, or one word.
    NumberOr(&'static str),
    /// One of these words, or a list of strings.
    WordOrTextList(&'static [&'static str]),
    /// A table with keys of its own.
    Section(&'static SectionKeys),
}

impl Shape {
    /// The shape in words, with its article.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Text | Self::Word(_) => "a string",
            Self::TextList => "a list of strings",
            Self::TextTable => "a table from strings to strings",
            Self::Boolean => "true or false",
            Self::NumberOr(_) => "an integer from 0 to 4294967295 or a word",
            Self::WordOrTextList(_) => "a list of strings or a word",
            Self::Section(_) => "a section",
        }
    }
}

/// What a string must be like. For a list, this is said of its items, and for a table, of its values.
///
/// It is what editors are told. Validation is written by hand, with better messages; the tests hold
/// the two together.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rule {
    /// Any string.
    Any,
    /// A string that matches this regular expression (ECMA-262).
    Pattern(&'static str),
    /// A string of at most so many characters.
    MaxLength(usize),
}

/// Names of packages by PEP 508.
pub(crate) const PACKAGE_NAME: Rule =
    Rule::Pattern("^([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9])$");
/// A string with something in it.
pub(crate) const NOT_EMPTY: Rule = Rule::Pattern("\\S");

/// One key of a section.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    /// Its name in the manifest.
    pub(crate) name: &'static str,
    /// What it expects.
    pub(crate) shape: Shape,
    /// Its value when it is absent, if that is a word or a boolean.
    pub(crate) default: fn() -> Option<Value>,
    /// What it does, in one line.
    pub(crate) about: &'static str,
    /// A line that is right.
    pub(crate) example: &'static str,
    /// What the strings in it must be like.
    pub(crate) rule: Rule,
    /// Whether it must be there.
    pub(crate) required: bool,
    /// Its value in words, for the reference; empty when its shape says enough.
    #[cfg_attr(not(test), expect(dead_code, reason = "a test writes the reference"))]
    pub(crate) value: &'static str,
    /// What holds when it is absent, for the reference; empty when its shape says enough.
    #[cfg_attr(not(test), expect(dead_code, reason = "a test writes the reference"))]
    pub(crate) absent: &'static str,
}

impl Key {
    /// A key of which nothing but this is said.
    pub(crate) const fn new(
        name: &'static str,
        shape: Shape,
        default: fn() -> Option<Value>,
        about: &'static str,
    ) -> Self {
        Self {
            name,
            shape,
            default,
            about: about.trim_ascii_start(),
            example: "",
            rule: Rule::Any,
            required: false,
            value: "",
            absent: "",
        }
    }
}

/// One section of the manifest, a table.
#[derive(Debug)]
pub(crate) struct SectionKeys {
    /// Its whole name, as it stands between brackets.
    pub(crate) name: &'static str,
    /// What it is for, in one line.
    pub(crate) about: &'static str,
    /// Its keys, in the order in which messages list them.
    pub(crate) keys: &'static [&'static Key],
}

impl SectionKeys {
    /// Its name in the table that it lies in.
    pub(crate) fn key(&self) -> &'static str {
        self.name.rsplit('.').next().unwrap_or(self.name)
    }
}

/// Sections, with those that lie in others.
pub(crate) fn with_inner(
    sections: &'static [&'static SectionKeys],
) -> impl Iterator<Item = &'static SectionKeys> {
    sections.iter().flat_map(|section| {
        let inner = section.keys.iter().filter_map(|key| match key.shape {
            Shape::Section(inner) => Some(inner),
            _ => None,
        });
        std::iter::once(*section).chain(inner)
    })
}

/// The name of a field as a manifest spells it, with hyphens.
pub(crate) const fn kebab<const LENGTH: usize>(field: &str) -> [u8; LENGTH] {
    let mut name = [0; LENGTH];
    let mut rest = field.as_bytes();
    let mut index = 0;
    while let [first, after @ ..] = rest {
        name[index] = if *first == b'_' { b'-' } else { *first };
        index += 1;
        rest = after;
    }
    name
}
