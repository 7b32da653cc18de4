//! What is wrong with a piece of text, before it is known where the text stands.

/// A mistake without its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextDiagnostic {
    /// What is wrong, as the end of a sentence about the text; safe to show.
    pub(crate) what: String,
    /// What to do about it.
    pub(crate) help: Option<String>,
}

impl TextDiagnostic {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            help: None,
        }
    }

    /// Says what to do about it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
