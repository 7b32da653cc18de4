//! Values that are a number or a word.

use toml::de::DeValue;

use super::SectionReader;
use crate::diagnostic::SpannedDiagnostic;
use crate::key::Key;
use crate::text::quoted;

/// A value that is a number or a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberOr {
    /// The number.
    Number(u32),
    /// The word that the key has beside numbers.
    Word,
}

impl SectionReader<'_, '_, '_> {
    /// An integer of 32 bits, or `word`; none when nothing or something wrong is written.
    pub(crate) fn number_or(&mut self, key: &'static Key, word: &str) -> Option<NumberOr> {
        let value = self.values.get(key.name)?;
        let (message, help) = match value.get_ref() {
            DeValue::Integer(integer) => {
                let digits = integer.as_str();
                if let Ok(number) = u32::from_str_radix(digits, integer.radix()) {
                    return Some(NumberOr::Number(number));
                }
                (
                    format!("`{}` must be {}", key.name, key.shape.words()),
                    format!("for example: {}", key.example),
                )
            }
            DeValue::String(text) if text == word => return Some(NumberOr::Word),
            DeValue::String(text) => (
                format!("{} is not a value of `{}`", quoted(text), key.name),
                format!(
                    "the values are \"{word}\" and integers from 0 to {}",
                    u32::MAX
                ),
            ),
            _ => {
                self.report_shape(key, value, "");
                return None;
            }
        };
        let diagnostic = SpannedDiagnostic::new(value.span(), message, "not known here");
        self.context.diagnostics.push(diagnostic.help(help));
        None
    }
}
