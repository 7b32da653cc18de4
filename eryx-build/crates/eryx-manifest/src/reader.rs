//! Reads the text of a manifest into sections of values that know their place: right in shape,
//! not validated.
//!
//! The tree is walked by hand instead of through serde, which stops at the first mistake: people
//! who mend a manifest want to see all of them at once.

mod number;
mod word_or_texts;

pub(crate) use number::NumberOr;
pub(crate) use word_or_texts::WordOrTexts;

use std::ops::Range;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::choice::Choice;
use crate::diagnostic::SpannedDiagnostic;
use crate::key::{Key, SectionKeys, Shape, with_inner};
use crate::suggestion::did_you_mean;
use crate::text::{Text, listed, quoted};

/// A value that a key can have.
pub(crate) trait RawValue: Sized {
    /// What the manifest must have for it.
    const SHAPE: Shape;

    /// The value of a key; none when it is absent or, which is reported, not right.
    fn read(reader: &mut SectionReader<'_, '_, '_>, key: &'static Key) -> Option<Self>;

    /// The value, if it is a word or a boolean.
    fn json(&self) -> Option<Value> {
        None
    }
}

impl RawValue for Option<Text> {
    const SHAPE: Shape = Shape::Text;

    fn read(reader: &mut SectionReader<'_, '_, '_>, key: &'static Key) -> Option<Self> {
        reader.text(key).map(Some)
    }
}

/// A word, and where it stands if it is there.
impl<C: Choice> RawValue for Option<Spanned<C>> {
    const SHAPE: Shape = Shape::Word(C::words);

    fn read(reader: &mut SectionReader<'_, '_, '_>, key: &'static Key) -> Option<Self> {
        reader.choice(key).map(Some)
    }

    fn json(&self) -> Option<Value> {
        let choice = self
            .as_ref()
            .map_or_else(C::default, |choice| *choice.get_ref());
        Some(choice.word().into())
    }
}

impl RawValue for Vec<Text> {
    const SHAPE: Shape = Shape::TextList;

    fn read(reader: &mut SectionReader<'_, '_, '_>, key: &'static Key) -> Option<Self> {
        Some(reader.text_list(key))
    }
}

impl RawValue for Vec<(Text, Text)> {
    const SHAPE: Shape = Shape::TextTable;

    fn read(reader: &mut SectionReader<'_, '_, '_>, key: &'static Key) -> Option<Self> {
        Some(reader.text_table(key))
    }
}

impl RawValue for bool {
    const SHAPE: Shape = Shape::Boolean;

    fn read(reader: &mut SectionReader<'_, '_, '_>, key: &'static Key) -> Option<Self> {
        reader.boolean(key)
    }

    fn json(&self) -> Option<Value> {
        Some(Value::Bool(*self))
    }
}

/// A section, as [`section!`](crate::declare::section) declares it.
pub(crate) trait RawSection: Default {
    /// Its keys.
    const SECTION: &'static SectionKeys;

    /// The values of all its keys.
    fn read(reader: &mut SectionReader<'_, '_, '_>) -> Self;
}

/// What reading goes by, and what it found.
#[derive(Debug)]
pub(crate) struct Context {
    /// The sections at the top level, in the order in which messages list them.
    pub(crate) sections: &'static [&'static SectionKeys],
    /// What is wrong.
    pub(crate) diagnostics: Vec<SpannedDiagnostic>,
}

/// A text that is TOML, in which every unknown section was reported.
pub(crate) struct Document<'text>(Spanned<DeTable<'text>>);

impl<'text> Document<'text> {
    /// Reads the text.
    ///
    /// # Errors
    /// It is not TOML: the first reason why.
    pub(crate) fn parse(
        text: &'text str,
        context: &mut Context,
    ) -> Result<Self, Box<SpannedDiagnostic>> {
        let document =
            DeTable::parse(text).map_err(|error| Box::new(syntax_diagnostic(text, &error)))?;
        report_unknown_sections(document.get_ref(), context);
        Ok(Self(document))
    }

    /// Reads a section. One of the wrong shape gives what is right in it and a diagnostic for each
    /// thing that is not.
    pub(crate) fn section<S: RawSection>(&self, context: &mut Context) -> S {
        let missing = |header: Option<Range<usize>>, key: &Key| {
            let section = S::SECTION.name;
            let (span, message) = if let Some(header) = header {
                (header, format!("[{section}] has no `{}`", key.name))
            } else {
                let message = format!(
                    "the manifest has no section [{section}] with a `{}`",
                    key.name
                );
                (0..0, message)
            };
            let label = format!("the {section} needs a {}", key.name);
            let help = format!("write, for example:\n\n[{section}]\n{}", key.example);
            SpannedDiagnostic::new(span, message, label).help(help)
        };
        let required = S::SECTION.keys.iter().filter(|key| key.required);
        let Some(mut reader) = SectionReader::open(self.0.get_ref(), S::SECTION, context) else {
            let missing = required.map(|key| missing(None, key));
            context.diagnostics.extend(missing);
            return S::default();
        };
        for key in required {
            if !reader.values.contains_key(key.name) {
                let missing = missing(Some(reader.header.clone()), key);
                reader.context.diagnostics.push(missing);
            }
        }
        S::read(&mut reader)
    }
}

fn syntax_diagnostic(text: &str, error: &toml::de::Error) -> SpannedDiagnostic {
    // The parser may place an error behind the last character, for instance at a missing quote.
    let span = error.span().unwrap_or(0..0);
    let start = span.start.min(text.len());
    let end = span.end.clamp(start, text.len());
    let what = error.message().replace('\n', ", ");
    SpannedDiagnostic::new(
        start..end,
        format!("this is not valid TOML: {what}"),
        "the reader stopped here",
    )
}

/// Reports keys of the top level that are no sections.
fn report_unknown_sections(document: &DeTable<'_>, context: &mut Context) {
    let sections = context.sections;
    for (key, value) in document {
        let word = key.get_ref().as_ref();
        if sections.iter().any(|section| section.name == word) {
            continue;
        }
        let home = with_inner(sections)
            .find_map(|section| Some((section, section.keys.iter().find(|key| key.name == word)?)));
        let is_table = value.get_ref().is_table();
        let help = match home {
            Some((section, key)) if !is_table => {
                format!(
                    "move it into its section:\n\n[{}]\n{}",
                    section.name, key.example
                )
            }
            _ => match did_you_mean(word, sections.iter().map(|section| section.name)) {
                Some(section) => format!("did you mean \"{section}\"?"),
                None => format!(
                    "the sections are {}",
                    listed(sections.iter().map(|s| s.name))
                ),
            },
        };
        let message = if is_table {
            format!("there is no section {} in a manifest", quoted(word))
        } else {
            format!("the key {} stands outside of every section", quoted(word))
        };
        context
            .diagnostics
            .push(SpannedDiagnostic::new(key.span(), message, "not known here").help(help));
    }
}

/// One section of the document, in which every unknown key was reported.
pub(crate) struct SectionReader<'document, 'text, 'context> {
    keys: &'static SectionKeys,
    header: Range<usize>,
    values: &'document DeTable<'text>,
    context: &'context mut Context,
}

impl<'document, 'text, 'context> SectionReader<'document, 'text, 'context> {
    fn open(
        document: &'document DeTable<'text>,
        keys: &'static SectionKeys,
        context: &'context mut Context,
    ) -> Option<Self> {
        let (header, value) = document.get_key_value(keys.key())?;
        let DeValue::Table(values) = value.get_ref() else {
            let example = keys.keys.first().map_or("", |key| key.example);
            let kind = kind_of(value.get_ref());
            context.diagnostics.push(
                SpannedDiagnostic::new(
                    header.span(),
                    format!("`{}` must be a section, not {kind}", keys.name),
                    "expected a section",
                )
                .help(format!("for example:\n\n[{}]\n{example}", keys.name)),
            );
            return None;
        };
        for key in values.keys() {
            let word = key.get_ref().as_ref();
            if keys.keys.iter().any(|known| known.name == word) {
                continue;
            }
            let elsewhere = with_inner(context.sections)
                .find(|section| section.keys.iter().any(|known| known.name == word));
            let names = || keys.keys.iter().map(|known| known.name);
            let help = match (elsewhere, did_you_mean(word, names())) {
                (Some(section), _) => format!("`{word}` belongs in [{}]", section.name),
                (None, Some(name)) => format!("did you mean \"{name}\"?"),
                (None, None) => format!("the keys of [{}] are {}", keys.name, listed(names())),
            };
            context.diagnostics.push(
                SpannedDiagnostic::new(
                    key.span(),
                    format!("there is no key {} in [{}]", quoted(word), keys.name),
                    "not known here",
                )
                .help(help),
            );
        }
        Some(Self {
            keys,
            header: header.span(),
            values,
            context,
        })
    }

    /// A section that lies in this one; its defaults when it is absent or something else.
    pub(crate) fn section<S: RawSection>(&mut self) -> S {
        SectionReader::open(self.values, S::SECTION, self.context)
            .map_or_else(S::default, |mut reader| S::read(&mut reader))
    }

    /// One word out of a fixed list; none when nothing or something wrong is written.
    pub(crate) fn choice<C: Choice>(&mut self, key: &'static Key) -> Option<Spanned<C>> {
        let text = self.text(key)?;
        let word = text.get_ref();
        if let Some(choice) = C::ALL.iter().find(|choice| choice.word() == word) {
            return Some(Spanned::new(text.span(), *choice));
        }
        let all = listed(C::words());
        let help = match did_you_mean(word, C::words()) {
            Some(near) => format!("did you mean \"{near}\"? The values are {all}"),
            None => format!("the values are {all}"),
        };
        let message = format!("{} is not a value of `{}`", quoted(word), key.name);
        let diagnostic = SpannedDiagnostic::new(text.span(), message, "not known here");
        self.context.diagnostics.push(diagnostic.help(help));
        None
    }

    fn text(&mut self, key: &'static Key) -> Option<Text> {
        let value = self.values.get(key.name)?;
        let text = owned_text(value);
        if text.is_none() {
            self.report_shape(key, value, "");
        }
        text
    }

    fn boolean(&mut self, key: &'static Key) -> Option<bool> {
        let value = self.values.get(key.name)?;
        if let DeValue::Boolean(value) = value.get_ref() {
            return Some(*value);
        }
        self.report_shape(key, value, "");
        None
    }

    fn text_list(&mut self, key: &'static Key) -> Vec<Text> {
        let Some(value) = self.values.get(key.name) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value.get_ref() else {
            self.report_shape(key, value, "");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items {
            match owned_text(item) {
                Some(text) => texts.push(text),
                None => self.report_shape(key, item, " in the list"),
            }
        }
        texts
    }

    fn text_table(&mut self, key: &'static Key) -> Vec<(Text, Text)> {
        let Some(value) = self.values.get(key.name) else {
            return Vec::new();
        };
        let DeValue::Table(entries) = value.get_ref() else {
            self.report_shape(key, value, "");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for (entry, item) in entries {
            match owned_text(item) {
                Some(text) => {
                    let name = entry.get_ref().as_ref().to_owned();
                    texts.push((Spanned::new(entry.span(), name), text));
                }
                None => self.report_shape(key, item, " in the table"),
            }
        }
        texts
    }

    /// Reports a value that is not of its key's shape; `inside` says where in the shape it stands.
    fn report_shape(&mut self, key: &Key, value: &Spanned<DeValue<'_>>, inside: &str) {
        let kind = kind_of(value.get_ref());
        let found = format!("{kind}{inside}");
        let mut help = format!("for example: {}", key.example);
        if matches!(key.shape, Shape::TextTable) && value.get_ref().is_table() {
            help.push_str("; a path with a dot in it needs the quotes");
        }
        self.context.diagnostics.push(
            SpannedDiagnostic::new(
                value.span(),
                format!(
                    "`{}` in [{}] must be {}, not {found}",
                    key.name,
                    self.keys.name,
                    key.shape.words()
                ),
                format!("this is {kind}"),
            )
            .help(help),
        );
    }
}

fn owned_text(value: &Spanned<DeValue<'_>>) -> Option<Text> {
    let text = value.get_ref().as_str()?;
    Some(Spanned::new(value.span(), text.to_owned()))
}

/// The kind of a value in words, with its article.
fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
