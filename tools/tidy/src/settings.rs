//! `rules.toml`: what the rules are, as data.

use crate::{Finding, tree::Tree};
use anyhow::{Context, Result};
use glob::Pattern;
use serde::{Deserialize, Deserializer, de::Error};
use std::{cell::Cell, collections::BTreeMap};

/// Where the rules are.
pub const PATH: &str = "tools/tidy/rules.toml";

/// All of `rules.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Which crates of the workspace each of them may depend on.
    pub crates: BTreeMap<String, Vec<String>>,
    /// Crates that must not get into others.
    #[serde(default)]
    pub bans: Vec<Ban>,
    /// What is compiled once for a binary and for tests.
    pub same_features: Option<SameFeatures>,
    /// Modules and what they must not know.
    #[serde(default)]
    pub must_not_know: Vec<MustNotKnow>,
    /// Circles of files.
    pub circles: Circles,
    /// How long files may be.
    pub size: Size,
    /// Words that are not ours.
    #[serde(default)]
    pub words: Vec<Words>,
    /// Texts that must not be in the tree.
    #[serde(default)]
    pub texts: Vec<Text>,
    /// What a file may be.
    pub bytes: Bytes,
    /// How wide documents may be.
    pub columns: Columns,
    /// The text of the file, to find lines in.
    #[serde(skip)]
    text: String,
}

/// Crates that must not get into some crates of the workspace, straight or through others.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ban {
    /// The crates of the workspace.
    pub crates: Vec<String>,
    /// Names of crates, in which `*` stands for anything.
    pub never: Vec<Glob>,
    /// Whether their tests and build scripts must do without, too.
    #[serde(default)]
    pub also_for_tests: bool,
    /// Why.
    pub because: String,
}

/// A binary whose crates the tests of the workspace, and other crates, link as they are.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SameFeatures {
    /// The crate that has the binary.
    pub of: String,
    /// Other crates that are built by themselves.
    #[serde(default)]
    pub also: Vec<String>,
    /// Why.
    pub because: String,
}

/// What a part of the code must not know.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MustNotKnow {
    /// A file, or a directory with all below it.
    pub of: String,
    /// Files and directories of the tree (with a `/`), or names of crates as code writes them.
    pub names: Vec<String>,
    /// Why.
    pub because: String,
}

/// Circles of files.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Circles {
    /// Whether it counts when a file imports what a module around it defines.
    pub count_imports_from_parents: bool,
    /// Circles that are known and still there.
    #[serde(default)]
    pub known: Vec<KnownCircle>,
}

/// A circle that is known and still there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownCircle {
    /// Its files, or its modules as findings name them.
    pub files: Vec<String>,
    /// Why it stays.
    pub because: String,
    /// Whether it was found.
    #[serde(skip)]
    found: Cell<bool>,
}

/// How long files may be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Size {
    /// Which files.
    pub files: Vec<Glob>,
    /// How many lines they may have.
    pub lines: usize,
    /// Which of them are tests.
    pub tests: Vec<Glob>,
    /// How many lines tests may have.
    pub lines_of_tests: usize,
    /// Files that may have more.
    #[serde(default)]
    pub except: Vec<Exception>,
}

/// Words that are not ours, and the one that is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The words, or several in a row. `*` at the start or the end stands for any letters. What is
    /// written in small letters matches at the start of a sentence, too.
    pub words: Vec<String>,
    /// What to write instead.
    pub write: String,
    /// Where: everywhere if not given.
    #[serde(default, rename = "in")]
    pub place: Place,
    /// Files that may have them.
    #[serde(default)]
    pub except: Vec<Exception>,
}

/// Where words are looked for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// Everywhere.
    #[default]
    Everywhere,
    /// In documents.
    Docs,
    /// In documents and in lines of comments.
    Prose,
    /// In code, without lines of comments.
    Code,
    /// In lines of code that begin with `pub`.
    Api,
    /// In the names of files, without what follows the dot.
    Files,
}

/// Texts that must not be in the tree.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// The texts, each in parts, so that the rules do not have them.
    pub texts: Vec<Vec<String>>,
    /// What may follow: longer texts that begin with one of these and are fine.
    #[serde(default)]
    pub allow: Vec<String>,
    /// Why, and what to do.
    pub because: String,
    /// Files that may have them.
    #[serde(default)]
    pub except: Vec<Exception>,
}

/// What a file may be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bytes {
    /// The largest size, in bytes.
    pub largest: usize,
    /// Files that may be binary.
    #[serde(default)]
    pub except: Vec<Exception>,
}

/// How wide documents may be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// Whether it is checked.
    pub check: bool,
    /// Which files.
    pub files: Vec<Glob>,
    /// How many columns they may have.
    pub width: usize,
    /// Files that may have more.
    #[serde(default)]
    pub except: Vec<Exception>,
}

/// Files to which a rule does not apply.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// Which files.
    pub files: Glob,
    /// Why they may.
    pub because: String,
    /// Whether there was a file that needed it.
    #[serde(skip)]
    used: Cell<bool>,
}

/// A pattern for paths or names: `*` within one part of a path, `**` over several.
#[derive(Debug, Clone)]
pub struct Glob(Pattern);

impl Settings {
    /// Reads the rules of the tree.
    ///
    /// # Errors
    ///
    /// There are none, or they cannot be understood.
    pub fn read(tree: &Tree) -> Result<Self> {
        let file = tree
            .file(PATH)
            .with_context(|| format!("{PATH} is not there"))?;
        let text = file.text().with_context(|| format!("{PATH} is no text"))?;
        let mut settings: Self = toml::from_str(text).with_context(|| PATH.to_owned())?;
        text.clone_into(&mut settings.text);
        Ok(settings)
    }

    /// A finding about the line of the rules that has this text.
    pub fn finding(&self, text: &str, message: impl Into<String>) -> Finding {
        let line = self.text.lines().position(|line| line.contains(text));
        Finding::new(PATH, line.map_or(1, |index| index + 1), message)
    }

    /// Findings for exceptions that nothing needed.
    pub fn unused(&self, exceptions: &[Exception]) -> Vec<Finding> {
        let unused = exceptions.iter().filter(|exception| !exception.used.get());
        unused
            .map(|exception| {
                let pattern = exception.files.as_str();
                self.finding(
                    &format!("{pattern:?}"),
                    format!("nothing needs the exception for {pattern} any more; remove it"),
                )
            })
            .collect()
    }
}

impl Circles {
    /// Whether a circle of these is known. Ask only about circles that are there.
    pub fn knows<S: AsRef<str>>(&self, circle: &[S]) -> bool {
        let is_in =
            |known: &KnownCircle, one: &S| known.files.iter().any(|file| file == one.as_ref());
        let known = self
            .known
            .iter()
            .find(|known| circle.iter().all(|one| is_in(known, one)));
        if let Some(known) = known {
            known.found.set(true);
        }
        known.is_some()
    }
}

impl KnownCircle {
    /// Whether none of its files are in a circle any more.
    pub fn is_gone(&self) -> bool {
        !self.found.get()
    }
}

impl Exception {
    /// Whether one of these excuses the file. Ask only about files that break the rule.
    pub fn excuses(exceptions: &[Self], path: &str) -> bool {
        let exception = exceptions
            .iter()
            .find(|exception| exception.files.matches(path));
        if let Some(exception) = exception {
            exception.used.set(true);
        }
        exception.is_some()
    }
}

impl Glob {
    /// Whether it matches all of the text.
    pub fn matches(&self, text: &str) -> bool {
        let options = glob::MatchOptions {
            require_literal_separator: true,
            ..glob::MatchOptions::default()
        };
        self.0.matches_with(text, options)
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl<'de> Deserialize<'de> for Glob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Pattern::new(&text).map(Self).map_err(D::Error::custom)
    }
}
