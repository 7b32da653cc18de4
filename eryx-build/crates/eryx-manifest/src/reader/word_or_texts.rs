//! Values that are one of some words, or a list.

use toml::de::DeValue;

use super::{SectionReader, owned_text};
use crate::diagnostic::SpannedDiagnostic;
use crate::key::Key;
use crate::text::{Text, listed, quoted};

/// A value that is one of some words, or a list of strings.
#[derive(Debug)]
pub(crate) enum WordOrTexts {
    /// The word.
    Word(&'static str),
    /// The strings of the list.
    Texts(Vec<Text>),
}

impl SectionReader<'_, '_, '_> {
    /// One of `words`, or a list of strings; none when nothing or something wrong is written.
    pub(crate) fn word_or_texts(
        &mut self,
        key: &'static Key,
        words: &'static [&'static str],
    ) -> Option<WordOrTexts> {
        let value = self.values.get(key.name)?;
        match value.get_ref() {
            DeValue::Array(items) => {
                let mut texts = Vec::new();
                for item in items {
                    match owned_text(item) {
                        Some(text) => texts.push(text),
                        None => self.report_shape(key, item, " in the list"),
                    }
                }
                Some(WordOrTexts::Texts(texts))
            }
            DeValue::String(text) => {
                if let Some(word) = words.iter().find(|word| *word == text) {
                    return Some(WordOrTexts::Word(word));
                }
                let message = format!("{} is not a value of `{}`", quoted(text), key.name);
                let all = listed(words.iter().copied());
                let help = format!("the values are {all} and lists: {}", key.example);
                let diagnostic = SpannedDiagnostic::new(value.span(), message, "not known here");
                self.context.diagnostics.push(diagnostic.help(help));
                None
            }
            _ => {
                self.report_shape(key, value, "");
                None
            }
        }
    }
}
