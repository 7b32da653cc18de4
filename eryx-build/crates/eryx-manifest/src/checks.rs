//! What the validation of every section uses: paths of the host, repeated entries, reports.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::diagnostic::SpannedDiagnostic;
use crate::text::{Text, position, quoted};

/// What validation shares: where relative paths start, and what was found so far.
pub(crate) struct Checks<'a> {
    /// The manifest's directory, absolute.
    pub(crate) directory: PathBuf,
    /// The name of the manifest's file, safe to show.
    pub(crate) manifest: String,
    /// The text of the manifest.
    pub(crate) text: &'a str,
    /// What is wrong.
    pub(crate) diagnostics: &'a mut Vec<SpannedDiagnostic>,
}

/// What a path of the host must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Directory,
    Either,
}

impl Kind {
    fn words(self) -> &'static str {
        match self {
            Self::File => "a file",
            Self::Directory => "a directory",
            Self::Either => "a file or directory",
        }
    }
}

impl Checks<'_> {
    /// Reports what is wrong.
    pub(crate) fn report(&mut self, diagnostic: SpannedDiagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The place of a range of the text for messages of later stages: `eryx.toml:7`.
    pub(crate) fn origin(&self, span: &Range<usize>) -> String {
        let (line, _) = position(self.text, span.start);
        format!("{}:{line}", self.manifest)
    }

    /// The absolute path that a written path means, whether or not something is there.
    pub(crate) fn absolute(&self, text: &str) -> PathBuf {
        let joined = self.directory.join(text);
        // This drops `.` and doubled separators only; it fails for the empty path alone.
        std::path::absolute(&joined).unwrap_or(joined)
    }

    /// The absolute path of a file or directory that `key` names and that must be there.
    pub(crate) fn existing(&mut self, text: &Text, kind: Kind, key: &str) -> Option<PathBuf> {
        let written = text.get_ref();
        if written.is_empty() {
            self.report(SpannedDiagnostic::new(
                text.span(),
                format!("`{key}` has an empty path"),
                format!("expected {}", kind.words()),
            ));
            return None;
        }
        let path = self.absolute(written);
        let found = match std::fs::metadata(&path) {
            Ok(found) => found,
            Err(error) => {
                let diagnostic = self.unreadable(text, kind, key, &error);
                self.report(diagnostic);
                return None;
            }
        };
        let fits = match kind {
            Kind::File => found.is_file(),
            Kind::Directory => found.is_dir(),
            Kind::Either => found.is_file() || found.is_dir(),
        };
        if fits {
            return Some(path);
        }
        self.report(SpannedDiagnostic::new(
            text.span(),
            format!(
                "{}, which `{key}` names, is not {}",
                quoted(written),
                kind.words()
            ),
            format!("expected {}", kind.words()),
        ));
        None
    }

    fn unreadable(
        &self,
        text: &Text,
        kind: Kind,
        key: &str,
        error: &io::Error,
    ) -> SpannedDiagnostic {
        let written = text.get_ref();
        let diagnostic = |what: String| SpannedDiagnostic::new(text.span(), what, "named here");
        if error.kind() != io::ErrorKind::NotFound {
            let written = quoted(written);
            return diagnostic(format!(
                "cannot look at {written}, which `{key}` names: {error}"
            ));
        }
        let missing = diagnostic(format!(
            "there is no {}, which `{key}` names",
            quoted(written)
        ));
        if written.starts_with('~') {
            return missing.help("`~` is not expanded: write the whole path");
        }
        if Path::new(written).is_absolute() {
            return missing.help(format!("create {} there, or mend the path", kind.words()));
        }
        missing.help(format!(
            "the path is relative to the manifest's directory, {}",
            quoted(&self.directory.display().to_string())
        ))
    }
}

/// What a list already has, so that nothing stands in it twice.
#[derive(Default)]
pub(crate) struct Seen(BTreeMap<String, Range<usize>>);

impl Seen {
    /// Whether `identity` was not seen before; reports both places when it was.
    pub(crate) fn is_new(
        &mut self,
        identity: String,
        text: &Text,
        what: &str,
        checks: &mut Checks<'_>,
    ) -> bool {
        if let Some(first) = self.0.get(&identity) {
            let message = format!("the {what} {} is named twice", quoted(&identity));
            checks.report(
                SpannedDiagnostic::new(text.span(), message, "the second time")
                    .other(first.clone(), "the first time")
                    .help("remove one of the two"),
            );
            return false;
        }
        self.0.insert(identity, text.span());
        true
    }
}
