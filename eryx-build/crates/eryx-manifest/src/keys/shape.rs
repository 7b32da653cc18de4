//! What a key and a section are, whichever they be.

/// The kind of value a key expects.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// A string.
    Text,
    /// A list of strings.
    TextList,
    /// A table from strings to strings.
    TextTable,
    /// `true` or `false`.
    Boolean,
    /// A table with keys of its own.
    Section(&'static SectionKeys),
}

impl Shape {
    /// The shape in words, with its article.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::TextList => "a list of strings",
            Self::TextTable => "a table from strings to strings",
            Self::Boolean => "true or false",
            Self::Section(_) => "a section",
        }
    }
}

/// What a value must be like, beyond its shape. For a list, this is said of its items, and for a
/// table, of its values.
///
/// It is what editors are told. What the manifest means is checked by hand, with better messages;
/// the tests hold the two together.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rule {
    /// Any string.
    Any,
    /// A string that matches this regular expression (ECMA-262).
    Pattern(&'static str),
    /// A string of at most so many characters.
    AtMost(usize),
    /// One of these words, of which the first is the default.
    Words(fn() -> Vec<&'static str>),
    /// Of a boolean: it is true when it is absent.
    On,
}

/// One key of a section.
#[derive(Debug)]
pub(crate) struct Key {
    /// Its name in the manifest.
    pub(crate) name: &'static str,
    /// What it expects.
    pub(crate) shape: Shape,
    /// A line that is right.
    pub(crate) example: &'static str,
    /// What it says, in one line.
    pub(crate) about: &'static str,
    /// What the strings in it must be like.
    pub(crate) rule: Rule,
}

impl Key {
    pub(super) const fn rule(mut self, rule: Rule) -> Self {
        self.rule = rule;
        self
    }
}

pub(super) const fn text(name: &'static str, example: &'static str, about: &'static str) -> Key {
    key(name, Shape::Text, example, about)
}

pub(super) const fn list(name: &'static str, example: &'static str, about: &'static str) -> Key {
    key(name, Shape::TextList, example, about)
}

pub(super) const fn boolean(name: &'static str, example: &'static str, about: &'static str) -> Key {
    key(name, Shape::Boolean, example, about)
}

pub(super) const fn key(
    name: &'static str,
    shape: Shape,
    example: &'static str,
    about: &'static str,
) -> Key {
    Key {
        name,
        shape,
        example,
        about,
        rule: Rule::Any,
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
