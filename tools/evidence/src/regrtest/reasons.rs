//! Why tests fail, after people looked into it: the table in `tools/evidence/regrtest.toml`.

use super::module::Failure;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::{fmt, fs, path::Path};

/// What is found out without people.
const NEWER: &str = "passes with the standard library of its own version";

/// Whose matter a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Cause {
    /// The platform, or CPython's build for it, lacks what the test needs.
    Platform,
    /// The test is of a newer CPython than the one in the runtime.
    Newer,
    /// The test needs a file or a program that is not in the sandbox.
    Absent,
    /// The test takes more time or memory than it gets here.
    Limits,
    /// Eryx does something that CPython elsewhere does not.
    Ours,
    /// Nobody has looked into it.
    Unexplained,
}

/// A reason, and what it explains.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reason {
    cause: Cause,
    why: String,
    /// Patterns of names; any if there are none.
    #[serde(default)]
    tests: Vec<String>,
    /// Pieces of messages; any if there are none.
    #[serde(default)]
    messages: Vec<String>,
}

/// The whole table. The first reason that fits counts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reasons {
    #[serde(default)]
    reason: Vec<Reason>,
}

/// A reason as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Told<'a> {
    /// Whose matter it is.
    pub cause: Cause,
    /// Why.
    pub why: &'a str,
}

impl fmt::Display for Cause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Platform => "the platform",
            Self::Newer => "a newer test",
            Self::Absent => "not in the sandbox",
            Self::Limits => "limits",
            Self::Ours => "ours",
            Self::Unexplained => "unexplained",
        })
    }
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.why {
            "" => write!(out, "{}", self.cause),
            why => write!(out, "{}: {why}", self.cause),
        }
    }
}

impl Reasons {
    /// Reads the table.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path)
            .with_context(|| format!("the reasons in {} cannot be read", path.display()))?;
        toml::from_str(&text).with_context(|| path.display().to_string())
    }

    /// Why something failed. A module as a whole goes by its name.
    pub(super) fn of<'a>(&'a self, module: &str, failure: &Failure) -> Told<'a> {
        let test = failure.test.as_deref().unwrap_or(module);
        let fits = |reason: &&Reason| {
            let tests = &reason.tests;
            let messages = &reason.messages;
            (tests.is_empty() || tests.iter().any(|pattern| matches(pattern, test)))
                && (messages.is_empty()
                    || messages.iter().any(|piece| failure.message.contains(piece)))
        };
        match self.reason.iter().find(fits) {
            Some(reason) => Told {
                cause: reason.cause,
                why: &reason.why,
            },
            None if failure.newer => Told {
                cause: Cause::Newer,
                why: NEWER,
            },
            None => Told {
                cause: Cause::Unexplained,
                why: "",
            },
        }
    }
}

/// Whether a name is one of a pattern, in which `*` stands for any text. Names begin with `test.` or not,
/// and either is meant.
fn matches(pattern: &str, name: &str) -> bool {
    let name = name.strip_prefix("test.").unwrap_or(name);
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        match rest.split_once(piece) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{super::module::Kind, *};

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, name) in [
            ("test_os.A.test_x", "test.test_os.A.test_x"),
            ("test_os.*", "test.test_os.A.test_x"),
            ("test_os.*.test_x", "test_os.A.test_x"),
            ("*.test_x*", "test_os.A.test_x_y"),
            ("test_os", "test_os"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("test_os", "test.test_os.A.test_x"),
            ("test_os.*.test_x", "test.test_os.A.test_xy"),
            ("*.test_y*", "test_os.A.test_x"),
        ] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn the_first_reason_that_fits_counts() {
        let table = "[[reason]]\ncause = \"platform\"\nwhy = \"no threads\"\nmessages = [\"new thread\"]\n\
                     [[reason]]\ncause = \"newer\"\nwhy = \"3.14.1\"\ntests = [\"test_os.*\"]\n";
        let reasons: Reasons = toml::from_str(table).unwrap();
        let failure = |test: &str, message: &str| Failure {
            test: Some(test.to_owned()),
            kind: Kind::Error,
            message: message.to_owned(),
            newer: false,
        };
        let told = |test, message| reasons.of("test_os", &failure(test, message)).to_string();
        let thread = "RuntimeError: cannot start new thread";
        assert_eq!(told("test.test_os.A.b", thread), "the platform: no threads");
        assert_eq!(told("test.test_os.A.b", "x"), "a newer test: 3.14.1");
        assert_eq!(told("test.test_re.A.b", "x"), "unexplained");
        let whole = Failure {
            test: None,
            ..failure("", "x")
        };
        assert_eq!(reasons.of("test_os.a", &whole).why, "3.14.1");
        let newer = Failure {
            newer: true,
            ..failure("test.test_re.A.b", "x")
        };
        assert_eq!(reasons.of("test_re", &newer).cause, Cause::Newer);
    }
}
