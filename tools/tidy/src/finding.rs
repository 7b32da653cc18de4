//! What a rule reports.

use std::fmt::{self, Display, Formatter};

/// One place that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, relative to the root of the workspace, with `/`.
    pub path: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong, why, and what to do.
    pub message: String,
    /// More to know, a line each.
    pub details: Vec<String>,
}

impl Finding {
    /// A finding without details.
    pub fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            message: message.into(),
            details: Vec::new(),
        }
    }
}

impl Display for Finding {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.message)?;
        for detail in &self.details {
            write!(f, "\n    {detail}")?;
        }
        Ok(())
    }
}
