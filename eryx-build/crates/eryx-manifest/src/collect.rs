//! Gathers what `requirements` and `constraints` list, and the files and the project that they name.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use eryx_base::{escape::escape, regular_file};

use crate::address;
use crate::checks::Checks;
use crate::diagnostic::SpannedDiagnostic;
use crate::requirement;
use crate::requirement::Requirement;
use crate::requirement_file::{self, Entry};
use crate::text::Text;
use crate::text::quoted;
use crate::text_diagnostic::TextDiagnostic;

/// The largest requirement file that is read, in bytes: one with hashes has some kilobytes a package.
const MAX_FILE_BYTES: u64 = 8 << 20;
/// How many requirement files may be read, with those that others name.
const MAX_FILES: usize = 64;
/// How many requirements and constraints there may be in all.
const MAX_REQUIREMENTS: usize = 20_000;
/// After so many mistakes the rest of a file is not looked at.
const MAX_MISTAKES: usize = 20;

/// What was gathered.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) requirements: Vec<Requirement>,
    pub(crate) constraints: Vec<Requirement>,
    pub(crate) index: Option<String>,
    pub(crate) extra_index: Vec<String>,
    pub(crate) find_links: Vec<String>,
    pub(crate) pre: bool,
}

/// Which list a text belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum List {
    Requirements,
    Constraints,
}

impl List {
    fn one(self) -> &'static str {
        match self {
            Self::Requirements => "requirement",
            Self::Constraints => "constraint",
        }
    }

    fn option(self) -> &'static str {
        match self {
            Self::Requirements => "-r",
            Self::Constraints => "-c",
        }
    }
}

/// Where a text stands: in the manifest, or in a file that the manifest names.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// What to mark in the manifest.
    pub(crate) span: Range<usize>,
    /// The file that is not the manifest, and the line in it.
    pub(crate) file: Option<(PathBuf, usize)>,
    /// Where relative paths start from.
    pub(crate) directory: PathBuf,
}

impl Place {
    /// `requirements.txt:3`, for a text that does not stand in the manifest itself.
    fn shown(&self) -> Option<String> {
        let (path, line) = self.file.as_ref()?;
        Some(format!("{}:{line}", escape(&path.display().to_string())))
    }
}

/// Gathers, and reports what is wrong.
pub(crate) struct Collector<'checks, 'mistakes> {
    pub(crate) checks: &'checks mut Checks<'mistakes>,
    pub(crate) found: Collected,
    seen: BTreeSet<(List, String, Vec<String>)>,
    read: BTreeSet<(List, PathBuf)>,
}

impl<'checks, 'mistakes> Collector<'checks, 'mistakes> {
    pub(crate) fn new(checks: &'checks mut Checks<'mistakes>) -> Self {
        Self {
            checks,
            found: Collected::default(),
            seen: BTreeSet::new(),
            read: BTreeSet::new(),
        }
    }

    /// Where a text of the manifest stands.
    pub(crate) fn place(&self, text: &Text) -> Place {
        Place {
            span: text.span(),
            file: None,
            directory: self.checks.directory.clone(),
        }
    }

    /// Reports a diagnostic of what `subject` names.
    pub(crate) fn report(&mut self, place: &Place, subject: &str, diagnostic: TextDiagnostic) {
        let TextDiagnostic { what, help } = diagnostic;
        let what = format!("{subject} {what}");
        let (message, label) = match place.shown() {
            Some(shown) => (format!("{shown}: {what}"), "read because of this"),
            None => (what, "not right"),
        };
        let diagnostic = SpannedDiagnostic::new(place.span.clone(), message, label);
        self.checks.report(match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }

    /// Gathers a list of the manifest.
    pub(crate) fn list(&mut self, texts: &[Text], list: List) {
        for text in texts {
            let place = self.place(text);
            let written = text.get_ref().trim();
            let subject = format!("the {} {}", list.one(), quoted(written));
            let entry = match requirement_file::entry(written) {
                Ok(entry) => entry,
                Err(diagnostic) => {
                    self.report(&place, &subject, diagnostic);
                    continue;
                }
            };
            let key = match entry {
                Entry::Index(_) => "index",
                Entry::ExtraIndex(_) => "extra-index",
                Entry::FindLinks(_) => "find-links",
                Entry::Pre => "pre",
                _ => {
                    self.entry(entry, list, &place, &mut Vec::new());
                    continue;
                }
            };
            let diagnostic = TextDiagnostic::new("is an option that the manifest has a key for")
                .help(format!("write it as `{key}` in [packages]"));
            self.report(&place, &subject, diagnostic);
        }
    }

    /// Adds one requirement or constraint.
    pub(crate) fn add(&mut self, text: &str, hashes: Vec<String>, list: List, place: &Place) {
        let subject = format!("the {} {}", list.one(), quoted(text));
        if let Some(diagnostic) = names_a_file(text, list) {
            self.report(place, &subject, diagnostic);
            return;
        }
        let mut requirement = match requirement::validate(text, &place.directory) {
            Ok(requirement) => requirement,
            Err(diagnostic) => {
                self.report(place, &subject, diagnostic);
                return;
            }
        };
        let has_extras = requirement
            .text
            .get(requirement.name.len()..)
            .is_some_and(|rest| rest.starts_with('['));
        if list == List::Constraints && has_extras {
            let help =
                "a constraint says which version, and not what is installed: leave the extras out";
            self.report(
                place,
                &subject,
                TextDiagnostic::new("has extras").help(help),
            );
            return;
        }
        requirement.hashes.extend(hashes);
        requirement.hashes.sort();
        requirement.hashes.dedup();
        let identity = (list, requirement.text.clone(), requirement.hashes.clone());
        if !self.seen.insert(identity) {
            return;
        }
        // Twice the bound is reported once: the first time that it is passed.
        if self.seen.len() > MAX_REQUIREMENTS {
            if self.seen.len() == MAX_REQUIREMENTS + 1 {
                let what = format!("is one of more than {MAX_REQUIREMENTS}");
                self.report(place, &subject, TextDiagnostic::new(what));
            }
            return;
        }
        requirement.origin = place
            .shown()
            .unwrap_or_else(|| self.checks.origin(&place.span));
        match list {
            List::Requirements => self.found.requirements.push(requirement),
            List::Constraints => self.found.constraints.push(requirement),
        }
    }

    fn entry(&mut self, entry: Entry, list: List, place: &Place, within: &mut Vec<PathBuf>) {
        match entry {
            Entry::Requirement { text, hashes } => self.add(&text, hashes, list, place),
            Entry::Requirements(path) if list == List::Constraints => {
                let diagnostic = TextDiagnostic::new(
                    "names requirements where constraints are listed",
                )
                .help(format!(
                    "for a file of constraints, write {}",
                    quoted(&format!("-c {path}"))
                ));
                self.report(place, &format!("`-r {}`", escape(&path)), diagnostic);
            }
            Entry::Requirements(path) => self.file(&path, List::Requirements, place, within),
            Entry::Constraints(path) => self.file(&path, List::Constraints, place, within),
            Entry::Index(text) => self.index(&text, place),
            Entry::ExtraIndex(text) => self.extra_index(&text, place),
            Entry::FindLinks(text) => self.find_links(&text, place),
            Entry::Pre => self.found.pre = true,
        }
    }

    /// Gathers what a requirement file lists.
    fn file(&mut self, written: &str, list: List, place: &Place, within: &mut Vec<PathBuf>) {
        let subject = format!("the file {}", quoted(written));
        let path = match super::reference::absolute(written, &place.directory) {
            _ if written.contains("://") => {
                let diagnostic = TextDiagnostic::new("is not on this machine")
                    .help("download the file, and name the copy");
                return self.report(place, &subject, diagnostic);
            }
            Ok(path) => path,
            Err(diagnostic) => return self.report(place, &subject, diagnostic),
        };
        if within.contains(&path) {
            let diagnostic = TextDiagnostic::new("names itself, directly or through another")
                .help("break the circle of `-r` and `-c`");
            return self.report(place, &subject, diagnostic);
        }
        if !self.read.insert((list, path.clone())) {
            return;
        }
        if self.read.len() > MAX_FILES {
            let what = format!("is one of more than {MAX_FILES} requirement files");
            return self.report(place, &subject, TextDiagnostic::new(what));
        }
        let text = match read_text(&path, MAX_FILE_BYTES) {
            Ok(text) => text,
            Err(diagnostic) => return self.report(place, &subject, diagnostic),
        };
        let shown = place.file.as_ref().and_then(|(file, _)| file.parent());
        let shown = shown.unwrap_or(Path::new("")).join(written);
        let directory = path.parent().unwrap_or(&path).to_path_buf();
        let before = self.checks.diagnostics.len();
        within.push(path);
        for line in requirement_file::read(&text) {
            let place = Place {
                span: place.span.clone(),
                file: Some((shown.clone(), line.number)),
                directory: directory.clone(),
            };
            match line.entry {
                Ok(entry) => self.entry(entry, list, &place, within),
                Err(diagnostic) => self.report(&place, "the line", diagnostic),
            }
            if self.checks.diagnostics.len() >= before + MAX_MISTAKES {
                break;
            }
        }
        within.pop();
    }

    pub(crate) fn index(&mut self, text: &str, place: &Place) {
        let subject = format!("the index {}", quoted(text));
        match address::index(text, &place.directory) {
            Err(diagnostic) => self.report(place, &subject, diagnostic),
            Ok(index) => match &self.found.index {
                Some(other) if *other != index => {
                    let what = format!("is not the only one: {} is another", quoted(other));
                    let help = "name one index, and others as `extra-index`";
                    self.report(place, &subject, TextDiagnostic::new(what).help(help));
                }
                _ => self.found.index = Some(index),
            },
        }
    }

    pub(crate) fn extra_index(&mut self, text: &str, place: &Place) {
        match address::index(text, &place.directory) {
            Ok(index) if self.found.extra_index.contains(&index) => {}
            Ok(index) => self.found.extra_index.push(index),
            Err(diagnostic) => {
                self.report(place, &format!("the index {}", quoted(text)), diagnostic);
            }
        }
    }

    pub(crate) fn find_links(&mut self, text: &str, place: &Place) {
        match address::find_links(text, &place.directory) {
            Ok(links) if self.found.find_links.contains(&links) => {}
            Ok(links) => self.found.find_links.push(links),
            Err(diagnostic) => {
                self.report(
                    place,
                    &format!("{} in `find-links`", quoted(text)),
                    diagnostic,
                );
            }
        }
    }
}

/// What is wrong with a file name where a requirement is expected. As a name it would be valid.
fn names_a_file(text: &str, list: List) -> Option<TextDiagnostic> {
    let is_path = [".txt", ".in", ".toml"]
        .iter()
        .any(|end| text.ends_with(end));
    if !is_path || text.contains([' ', '@', ';', '=']) {
        return None;
    }
    let help = if text.ends_with(".toml") {
        format!("for the dependencies of a project, write pyproject = {text:?} in [packages]")
    } else {
        format!(
            "for the lines of a file, write {}",
            quoted(&format!("{} {text}", list.option()))
        )
    };
    Some(TextDiagnostic::new("is the name of a file").help(help))
}

/// The text of a file, without reading a device or pipe and without reading more than allowed.
pub(crate) fn read_text(path: &Path, limit: u64) -> Result<String, TextDiagnostic> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            let directory = path.parent().unwrap_or(path).display().to_string();
            TextDiagnostic::new("is not there")
                .help(format!("it is looked for in {}", quoted(&directory)))
        }
        _ if regular_file::is_refusal(&error) => TextDiagnostic::new("is not a file"),
        _ => TextDiagnostic::new(format!("cannot be read: {error}")),
    };
    let bytes = regular_file::read_at_most(path, limit)
        .map_err(failed)?
        .ok_or_else(|| TextDiagnostic::new(format!("is larger than {limit} bytes")))?;
    if bytes.contains(&0) {
        return Err(TextDiagnostic::new("is not a text file"));
    }
    String::from_utf8(bytes).map_err(|_| TextDiagnostic::new("is not UTF-8 text"))
}
